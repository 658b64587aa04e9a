# Where the members of a cluster live: a network namespace each, or a port of this machine each. Sourced by tools/cluster, never run.
# It has net (namespaces or loopback), prefix (of the namespaces' names), port, dir, nodes and servers from there.
# shellcheck shell=bash disable=SC2154

host_of() { [ "$net" = loopback ] && echo 127.0.0.1 || echo "10.77.0.${1:1}"; }  # of a node
# Runs a command where that member lives.
at() {
  local member=$1
  shift
  if [ "$net" = loopback ]; then "$@"; else ip netns exec "$prefix-$member" "$@"; fi
}
free_port() {
  local tries number
  for ((tries = 0; tries < 100; ++tries)); do
    number=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$number") 2>/dev/null && continue
    is_one_of "$number" "${port[@]}" || { echo $number; return; }
  done
  fail "finds no free port."
}
may_have_namespaces() {
  [ "$(id -u)" = 0 ] && command -v ip >/dev/null && command -v openssl >/dev/null && ip netns add "$prefix-hub" 2>/dev/null
}
make_network() {
  local member number
  ip -n "$prefix-hub" link add name br0 type bridge && ip -n "$prefix-hub" link set br0 up || return 1
  for member in "${nodes[@]}" "${servers[@]}"; do
    number=${member:1}
    case $member in s?) number=1$number ;; esac
    ip netns add "$prefix-$member" &&
      ip -n "$prefix-hub" link add "$member" type veth peer name eth0 netns "$prefix-$member" &&
      ip -n "$prefix-hub" link set "$member" master br0 up &&
      ip -n "$prefix-$member" addr add "10.77.0.$number/24" dev eth0 &&
      ip -n "$prefix-$member" link set eth0 up && ip -n "$prefix-$member" link set lo up || return 1
  done
}
remove_network() {
  local one
  for one in hub "${nodes[@]}" "${servers[@]}"; do ip netns del "$prefix-$one" 2>/dev/null; done
}
address_in_network() { case $1 in s?) echo "10.77.0.1${1:1}" ;; *) echo "10.77.0.${1:1}" ;; esac; }
# An authority of this cluster alone, and a certificate of each node by it: whoever leaves a machine must see who answers.
make_certificates() {
  local one place=$dir/pg
  {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=cluster" -keyout "$place/ca.key" -out "$place/ca.pem" &&
      for one in "${nodes[@]}"; do
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$one" -keyout "$place/$one.key" -out "$place/$one.csr" &&
          openssl x509 -req -in "$place/$one.csr" -CA "$place/ca.pem" -CAkey "$place/ca.key" -CAcreateserial -days 30 -out "$place/$one.pem" \
            -extfile <(echo "subjectAltName=IP:$(host_of "$one")") && chown postgres "$place/$one.key" && chmod 600 "$place/$one.key" || return 1
      done
  } >"$dir/openssl.log" 2>&1
}
