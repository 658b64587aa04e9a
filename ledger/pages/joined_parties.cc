// See joined_parties.h.
#include "ledger/pages/joined_parties.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fundtrail/v1/balance.pb.h"
#include "ledger/base/wide.h"
#include "ledger/query/joins.h"
#include "ledger/query/movements.h"

namespace fundtrail::pages {

StatusOr<bool> AsksJoined(const Asking& asking) {
  const std::string value = asking.asked("joined");
  if (value.empty() || value == "1") return value == "1";
  return absl::InvalidArgumentError("joined: it may be 1, or nothing");
}

StatusOr<Html> JoinedShown(const Asking& asking, const std::string& party, bool joined) {
  const auto joins = query::Joins::Read(asking.view, true, asking.as_of());
  if (absl::IsResourceExhausted(joins.status()) && !joined) return Html();
  FT_RETURN_IF_ERROR(joins.status());
  const std::vector<std::string> together = joins->Together(party);
  if (together.size() == 1) return Html();
  v1::BalanceAnswer said;
  FT_RETURN_IF_ERROR(joins->Say(asking.view, asking.as_of(), {together.begin(), together.end()}, &said));
  const query::View then = query::Then(asking.view, asking.as_of());
  FT_ASSIGN_OR_RETURN(const auto standing, query::FindParty(then, together.front()));
  std::map<std::string, std::string> names = {{standing.id(), standing.name()}};
  std::set<std::uint64_t> records;
  for (const v1::JoinedParty& each : said.joined()) {
    names[each.party()] = each.party_name();
    records.insert(each.record());
  }
  Html others;
  for (const std::string& other : together) {
    if (other == party) continue;
    if (!others.empty()) others += asking.Shown(Word::kEnumComma);
    others += asking.Party(other, names[other]);
  }
  Html shown = asking.Shown(joined ? Word::kCountedWith : Word::kJoinedWith,
                            {others, Text(absl::StrJoin(records, asking.Words(Word::kEnumComma)))});
  if (!asking.in_folder())
    shown += Text(" ") + asking.Again({{"joined", joined ? "" : "1"}, {"after", ""}},
                                      asking.Shown(joined ? Word::kCountAlone : Word::kCountTogether));
  return Element("p", shown);
}

Html PaidBetween(const Asking& asking, const query::PartySums& sums) {
  Html shown;
  for (const query::PartyAssetSums& of : sums.assets) {
    if (of.between == 0) continue;
    shown +=
        asking.Paragraph(Word::kPaidBetween, {Text(asking.Money(Capped(of.between), of.decimals, of.asset))});
  }
  return shown;
}

}  // namespace fundtrail::pages
