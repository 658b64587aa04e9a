# Payments under load, and whether each receipt holds afterwards. Sourced by what is run here, never run. It has program, work, cluster and
# pids from there; in $cluster are servers (their addresses), clerk.key, and the folders receipts, again and answers.
# shellcheck shell=bash disable=SC2154

# The payment of that number, to whichever server records. 0: it has a receipt.
pay() {  # NUMBER [FOLDER OF ANSWERS]
  "$program" --server "$(cat "$cluster/servers")" --timeout "${patience:-10}" --json pay --from donors --to office --amount 1.00 --asset CNY \
    --fund winter --key "$cluster/clerk.key" --as donors --date 2026-01-05 --yes --id "$(printf '%032d' "$1")" >"$cluster/${2:-answers}/$1" \
    2>>"$cluster/clients.log" </dev/null
}
leaf_in() { sed -n 's/.*"leaf_hash": *"\([^"]*\)".*/\1/p' "$1" | head -n 1; }
gets_receipt() { pay "$1" && cp "$cluster/answers/$1" "$cluster/receipts/$1"; }
soon() {  # COMMAND…: until it holds, a minute at most
  local until=$((SECONDS + 60))
  until "$@"; do
    [ $SECONDS -lt $until ] || return 1
    sleep 0.2
  done
}
# Payments one after the other, each sent until it has its receipt. A death may come between.
load() {
  local number=0
  until [ -e "$work/enough" ]; do
    gets_receipt $((number + 1)) && number=$((number + 1))
  done
}
count() { ls "$cluster/receipts" | wc -l; }
more_than() { [ "$(count)" -gt "$1" ]; }
end_load() {
  : >"$work/enough"
  wait "${pids[@]}"
  pids=()
  rm -f "$work/enough"
}
# Whoever sends again what has a receipt is told that very record.
none_is_lost() {
  local one leaf lost=0
  for one in "$cluster"/receipts/*; do
    one=${one##*/}
    soon pay "$one" again || return 1
    leaf=$(leaf_in "$cluster/again/$one")
    [ -n "$leaf" ] && [ "$(leaf_in "$cluster/receipts/$one")" = "$leaf" ] && continue
    echo "the receipt of payment $one is lost"
    lost=1
  done
  more_than 0 && [ $lost = 0 ]
}
