package io.jgunicorn.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;

/** Addresses and networks that are trusted with something. Immutable, any thread. */
final class TrustedNetworks {
    private final boolean all;
    private final List<IpSubnetFilterRule> rules;

    /**
     * @param ips addresses, networks ({@code 10.0.0.0/8}), or {@code *} for all
     */
    TrustedNetworks(List<String> ips) {
        all = ips.contains("*");
        rules = ips.stream().filter(ip -> !ip.equals("*")).map(TrustedNetworks::rule).toList();
    }

    private static IpSubnetFilterRule rule(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int widest = NetUtil.isValidIpV4Address(address) ? 32 : 128;
        int bits = slash < 0 ? widest : Integer.parseInt(text.substring(slash + 1));
        return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
    }

    boolean contains(InetSocketAddress peer) {
        if (all) {
            return true;
        }
        for (IpSubnetFilterRule rule : rules) {
            if (rule.matches(peer)) {
                return true;
            }
        }
        return false;
    }
}
