# One list of plugins and one pair of verbs: the first is killed at its Nth system call, for one N after another; then the second must leave what
# there was before, and nothing of a living container may break. From the caller: LIST (its name), PAIR, POINTS (how many Ns, evenly spread; or
# all), SHIFT (0 to 99: where between two of them), CAPS (capability arguments), PREPARE (commands), TYPES (the plugins), CRASH (the program that
# kills), net.conflist. Prints how many were killed.
export CAP_ARGS="$CAPS" CNI_PATH="$CNIPS" NETCONFPATH=/run/work
# Names that nobody else has at this moment: GC looks into every namespace that it can see.
A=a$$ B=b$$
eval "$PREPARE"
ip netns add $A
test "$PAIR" != gc-peer || ip netns add $B

cnips() { "$CNIPS/cnips" "$@" ./net.conflist; }
on() { verb=$1 ns=$2; shift 2; "$CNIPS/cnips" "$verb" "$@" ./net.conflist "$ns" ${CAPS:+--capability-args "$CAPS"}; }
peer() { (CAPS=$PEER_CAPS; on "$1" $B); }
# The kernel destroys a virtual device with the namespace that it was moved into, when it gets to it.
again() { while ip link show dm9 && ! ip link show dm1; do sleep 0.01; done > /dev/null 2>&1; ip link show dm1 > /dev/null 2>&1 || eval "$PREPARE"; }
# As a runtime that is none of ours, which runs programs and undoes nothing.
other() { "$CNIPS/../tools/cnitool" "$1" n /run/netns/$A; }

links() { printf 'link\naddr\n' | ip ${1:+-n $1} -o -batch - | sed -E '/ fe80/d; s/^[0-9]+: ([^:@ ]+)[:@].*/\1/; s/^[0-9]+: //; s/ +(valid_lft|brd).*//' | sort; }
files() { find /var/lib/cni /run/cni -type f ! -name 'last_reserved_ip.*' ! -name lock ! -name index ! -path '*/locks/*' "$@" 2> /dev/null | sort; }
# Everything there is; forwarding, once on, stays on.
state() { links; test ! -e /run/netns/$A || links $A; nft list ruleset; files; }
# What belongs to the attachment itself: all but bridge, tables, chains, and the note of them.
own() {
    links | grep -v br0
    test ! -e /run/netns/$A || links $A
    nft list ruleset | tr -d '\n\t' | grep -o 'elements = {[^}]*}' | grep comment || true
    files ! -path '*/cnips/shared/*'
}
fails() { echo "$LIST $PAIR, killed at call $n of $(cat log) ($type): $1"; cat out; diff "${2:-before}" after || true; exit 1; }
same() { test "$(state)" = "$before" || { state > after; fails "$1"; }; }
bare() { test "$(own)" = "$bare" || { own > after; fails "$1" own; }; }

strike() { # N, then a command
    at=$1; shift
    $CRASH -n "$at" -f net.conflist -o log "$@" > out 2>&1 || true
}
struck() { test "$(cut -d' ' -f2 log)" != -; }

begin() { # what comes before the killed one
    case $PAIR in
    del-*|gc-gc) on add $A > out ;;
    gc-peer) on add $A > out; peer add > out ;;
    esac
    case $PAIR in gc-*) ip netns del $A ;; esac
}

killed() { # N
    case $PAIR in
    add-*) strike "$1" "$CNIPS/cnips-cli" add ./net.conflist $A ${CAPS:+--capability-args "$CAPS"} ;;
    del-*) strike "$1" "$CNIPS/cnips-cli" del ./net.conflist $A ${CAPS:+--capability-args "$CAPS"} ;;
    gc-*) strike "$1" "$CNIPS/cnips-cli" gc ./net.conflist ;;
    plugin-*) $CRASH -n "$1" -p "$type" -o log "$CNIPS/../tools/cnitool" add n /run/netns/$A > out 2>&1 || true ;;
    esac
}

then_() {
    case $PAIR in
    add-add|del-add)
        # A DEL that had not got far leaves a living attachment, which ADD refuses: then DEL once more.
        on add $A > out 2>&1 || { test "$PAIR" = add-add && on check $A > out 2>&1; } || { on del $A && on add $A; } > out 2>&1 || fails "ADD"
        on check $A > out 2>&1 || fails "CHECK"
        on del $A > out 2>&1 || fails "DEL" ;;
    add-del|del-del) on del $A > out 2>&1 || fails "DEL"; bare "left after DEL" ;;
    add-gc) # all of it, or nothing
        cnips gc > out 2>&1 || fails "GC"
        if test "$(own)" != "$bare"; then on check $A > out 2>&1 || fails "GC kept half of it"; on del $A; fi ;;
    del-gc) # what is cached and lives may stay
        cnips gc > out 2>&1 || fails "GC"
        test ! -e /var/lib/cni/results/n-$A-eth0 || on del $A > out 2>&1 || fails "DEL" ;;
    add-gone)
        ip netns del $A; cnips gc > out 2>&1 || fails "GC"; ip netns add $A
        test "$LIST" != host-device || again ;;
    gc-gc) ;;
    gc-peer) peer check > out 2>&1 || fails "CHECK of the living one"; cnips gc > out 2>&1 || fails "GC"; peer check > out 2>&1 || fails "CHECK of the living one"; peer del > out 2>&1 || fails "DEL of the living one" ;;
    plugin-add|plugin-gc) struck || other del ;; # it got through: an attachment like any other
    esac
    case $PAIR in
    plugin-add) other add > out 2>&1 || fails "ADD"; other del > out 2>&1 || fails "DEL" ;;
    plugin-del) other del > out 2>&1 || fails "DEL" ;;
    plugin-gc) "$CNIPS/cnips" gc --plugin-source path ./net.conflist > out 2>&1 || fails "GC" ;;
    plugin-gone) ip netns del $A; "$CNIPS/cnips" gc --plugin-source path ./net.conflist > out 2>&1 || fails "GC"; ip netns add $A ;;
    esac
    case $PAIR in plugin-*) bare "left at the end" ;; *)
        cnips gc > out 2>&1 || fails "GC at the end"
        test -e /run/netns/$A || ip netns add $A
        same "left at the end" ;;
    esac
}

# What one that nobody kills leaves is what there was before: folders, and what stays for ever.
on add $A > out && on del $A && cnips gc > out
state > before
own > own
before=$(cat before) bare=$(cat own)
strikes=0
for type in $TYPES; do
    begin
    killed 0
    total=$(cut -d' ' -f1 log)
    n=0
    # A plugin's last calls come after its answer: the runtime has that, and the attachment is whole.
    first=1
    case $PAIR in plugin-gc|plugin-gone) total=$((total - 4)) ;; esac
    then_
    case $POINTS in
    all) step=1 n=1 ;;
    *)  # the first ones of a plugin are the start of .NET
        case $PAIR in plugin-*) first=$((total / 2)) ;; esac
        step=$(((total - first) / POINTS + 1))
        n=$((first + step * SHIFT / 100)) ;;
    esac
    while test $n -le $total; do
        begin
        killed $n
        strikes=$((strikes + 1))
        then_
        n=$((n + step))
    done
done
echo $strikes
