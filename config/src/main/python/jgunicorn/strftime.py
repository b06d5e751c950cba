"""time.strftime with the directives that this runtime leaves as they are, losing the character behind them.

``%z`` is in the date format of gunicorn's own logs, and of most logging configurations that were made from it.
"""

import time

_SHORT_FOR = {"D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M", "T": "%H:%M:%S", "h": "%b", "n": "\n", "r": "%I:%M:%S %p", "t": "\t"}


def _offset(when):
    seconds = getattr(when, "tm_gmtoff", None) or 0
    minutes = abs(seconds) // 60
    return "%s%02d%02d" % ("-" if seconds < 0 else "+", minutes // 60, minutes % 60)


def _iso_week(when):
    import datetime

    return datetime.date(*when[:3]).isocalendar()


_COMPUTED = {
    "C": lambda when: "%02d" % (when[0] // 100),
    "G": lambda when: str(_iso_week(when)[0]),
    "P": lambda when: "am" if when[3] < 12 else "pm",
    "V": lambda when: "%02d" % _iso_week(when)[1],
    "e": lambda when: "%2d" % when[2],
    "g": lambda when: "%02d" % (_iso_week(when)[0] % 100),
    "k": lambda when: "%2d" % when[3],
    "l": lambda when: "%2d" % (when[3] % 12 or 12),
    "s": lambda when: str(int(time.mktime(when))),
    "u": lambda when: str(when[6] + 1),
    "z": _offset,
}


def complete(plain):
    """A strftime that replaces these directives and leaves the others to ``plain``."""

    def strftime(format, when=None):
        if when is None:
            when = time.localtime()
        parts = []
        start = 0
        while (percent := format.find("%", start)) >= 0 and percent + 1 < len(format):
            letter = format[percent + 1]
            parts.append(format[start:percent])
            if letter in _COMPUTED:
                parts.append(_COMPUTED[letter](when))
            else:
                parts.append(_SHORT_FOR.get(letter, "%" + letter))
            start = percent + 2
        parts.append(format[start:].replace("%", "%%"))  # a single one at the end
        return plain("".join(parts), when)

    return strftime


def install():
    """Puts it in the place of time.strftime, unless that is complete by itself."""
    if time.strftime("%z") == "%z":
        time.strftime = complete(time.strftime)
