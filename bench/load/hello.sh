# Scenario: the smallest application, kept-alive connections. Sourced by bench/run.
app=hello:app
path=/
connections=16
ours=(-w 1)
theirs=(-w 2 -k gthread --threads 4)
