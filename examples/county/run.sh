#!/usr/bin/env bash
# A year of one county in a ledger, from its registers to its answers. The places are real and have the codes of GB/T 2260; all bodies,
# needs, policies and payments are invented. Makes the folder DIR with the ledger and its keys, and prints what it asks and is answered.
#
#   examples/county/run.sh DIR     FUNDTRAIL=PROGRAM, else fundtrail as the shell finds it
#
# A record has the time at which it was written. So the year is in the dates that the bodies state, and all of it is recorded today.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${FUNDTRAIL:-fundtrail}
case $program in */*) program=$(realpath "$program") ;; esac
mkdir "$1"
cd "$1"
unset FUNDTRAIL_LEDGER FUNDTRAIL_SERVER

title() { printf '\n== %s\n' "$*"; }
# What is recorded. The output, a record's number and hash, is kept in `last`.
ledger() { last=$("$program" --ledger ledger "$@"); }
root() { ledger "$@" --key root.key --as office; }
ask() { printf '\n$ fundtrail %s\n' "$*"; "$program" --ledger ledger "$@"; }
# A transfer of the last record, as 12.1: paid [LINE]
paid() { local number=${last#Record }; echo "${number%%,*}.${1:-1}"; }
public() { awk '$1 == "public" {print $2}' "$1.key"; }
# The same as JSON and YAML have bytes.
base64_key() { printf '%b' "$(public "$1" | sed 's/../\\x&/g')" | base64; }
# An act of a group, which two members sign: quorum ONE OTHER COMMAND…
quorum() {
  local one=$1 other=$2
  shift 2
  rm -f act.signed
  ledger "$@" --key "$one.key" --as "$one" --cosigner "$(public "$other")" --out act.signed
  "$program" cosign act.signed --key "$other.key" >/dev/null
  ledger submit act.signed
}

# The rows of a table of this folder become items: import REGISTER FILE [OPTION…]
import() {
  local register=$1 file=$2
  shift 2
  "$program" --ledger ledger import registers "$register" "$here/$file" --key root.key --as office --rejects-dir . "$@"
}

title 'Who is there, and where'
for name in root audit women residents homes; do "$program" keygen --out "$name.key" </dev/null >/dev/null; done
"$program" init ledger --name example.org/county --root-party office --root-name 'Invented: Ledger Office' --root-key root.key >/dev/null
import place places.csv
import category categories.csv
import party parties.csv
# What the office decides, as one entry of several actions. Each would also be a command: asset add, fund add, method add, key authorise.
cat >office.yaml <<END
actions:
  - declareAsset: {code: CNY, name: Yuan, decimals: 2}
  - openFund: {id: winter-2026, name: Winter relief, owner: relief-fund}
  - setMethod:
      id: county-2026
      name: Method of the county (invented)
      owner: office
      criteria: [{code: BREADTH, basisPoints: 5000}, {code: ACCESS, basisPoints: 5000}]
      grades: [{name: good, from: 70}, {name: poor}]
      floor: 50
  - authoriseKey: {party: audit, publicKey: "$(base64_key audit)", permissions: [DECLARE, EVALUATE, APPROVE]}
  - authoriseKey: {party: women, publicKey: "$(base64_key women)", permissions: [DECLARE, EVALUATE, APPROVE]}
  - authoriseKey: {party: residents, publicKey: "$(base64_key residents)", permissions: [DECLARE, EVALUATE, APPROVE]}
  - authoriseKey: {party: shuangshan-homes, publicKey: "$(base64_key homes)", permissions: [ACKNOWLEDGE]}
END
root submit office.yaml

title 'A county group that evaluates, and a township cooperative that assigns'
import group groups.csv
import seat seats.csv
ledger seat accept group-audit --key audit.key
ledger seat accept group-women --key women.key
ledger seat accept coop-women --key women.key
ledger seat accept coop-residents --key residents.key
ask group members coop

title 'Two policies for the same roofs'
import policy policies.csv
ask policy overlap

title 'Needs, which another body verifies'
import need needs.csv --verify-by audit
ask needs
ask missing groups --level 4 --place gbt2260:520521

title 'A plan on the board, and a call to everybody'
import project projects.csv --approve-by audit
import notice notices.csv
ask publicity --place gbt2260:520521 --on 2026-02-01
ask open --place gbt2260:520521

title 'A pledge finds its need; the cooperative assigns it, the donor pays, the households say that it came'
root pledge add tea-coats --owner tea-company --asset CNY --amount 60,000.00 --place gbt2260:520521 --category NFI --accepts-assignment yes
ask match --asset CNY --place gbt2260:520521
quorum women residents assignment make coats-from-tea --group coop --pledge tea-coats --need coats --asset CNY --amount 60,000.00
root pay --from tea-company --to shuangshan-homes --amount 60,000.00 --asset CNY --fund winter-2026 --need coats --pledge tea-coats \
  --assignment coats-from-tea --date 2026-11-02
coats=$(paid)
ledger acknowledge "$coats" --result received --by shuangshan-homes --key homes.key
ask pledges
ask acknowledgements --fund winter-2026

title 'A donation, and a project that it pays for'
# Three payments in one entry: all are recorded, or none. Amounts are in fen.
cat >payments.yaml <<END
date: 2026-02-10
actions:
  - transfer: {kind: DONATION, from: tea-company, to: relief-fund, asset: CNY, amount: 4000000, fund: winter-2026}
  - transfer: {kind: ALLOCATION, from: relief-fund, to: help-society, asset: CNY, amount: 4000000, fund: winter-2026, toProject: roofs}
  - transfer: {kind: DISBURSEMENT, from: help-society, to: builder, asset: CNY, amount: 1000000, fund: winter-2026, project: roofs}
END
root submit payments.yaml
roofs=$(paid 2)

title 'A concern, and the verdict of the county group'
ledger concern raise roofs-leak --kind quality --project roofs --words 'The new roofs leak' --key residents.key
root concern respond roofs-leak --by help-society --kind received
ask concerns
printf 'Invented report: 12 of 20 roofs leak.\n' >report.txt
quorum audit women evaluation make roofs-suspended --group county-group --project roofs --method county-2026 --step field \
  --score BREADTH=40 --score ACCESS=30 --verdict suspend --sample 20 --sample-of 20 --report "$(sha256sum report.txt | cut -d ' ' -f 1)"
ask standing roofs
if root pay --from help-society --to builder --amount 5,000.00 --asset CNY --fund winter-2026 --project roofs --date 2026-04-01 2>refused.txt; then
  echo 'a payment out of frozen money was taken' >&2
  exit 1
fi
cat refused.txt

title 'What is left goes back, and closes a vacuum elsewhere'
ask coverage --by cell --state vacuum
root pay --from help-society --to relief-fund --amount 30,000.00 --asset CNY --fund winter-2026 --return "$roofs" --date 2026-05-01
root concern respond roofs-leak --by help-society --kind action --words 'The rest of the money went back' --corrects "$(paid)"
ledger concern close roofs-leak --satisfied yes --key residents.key
import project doctor.csv --approve-by audit
root pay --from relief-fund --to clinic --amount 30,000.00 --asset CNY --fund winter-2026 --to-project doctor-machang --date 2026-05-20
ask coverage --by cell
ask project money roofs

title 'Anybody can check all of it'
printf '\n$ fundtrail verify ledger\n'
"$program" verify ledger --vkey "$(head -n 1 ledger/vkey)"
