// See joins.h.
#include "ledger/query/joins.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fundtrail::query {
namespace {

struct OpenJoin {
  std::uint64_t opened = 0;
  std::string id, party, under;
  friend bool operator<(const OpenJoin& one, const OpenJoin& other) {
    return std::tie(one.opened, one.id) < std::tie(other.opened, other.id);
  }
};

// Who stands under whom, step by step. Ways that were gone once are short from then on: a chain may be as long as there are joins.
using Ways = std::map<std::string, std::string>;

std::string EndOfWay(Ways* ways, std::string party) {
  for (auto at = ways->find(party); at != ways->end(); at = ways->find(party)) {
    const auto next = ways->find(at->second);
    if (next != ways->end()) at->second = next->second;
    party = at->second;
  }
  return party;
}

}  // namespace

StatusOr<Joins> Joins::Read(const View& view, bool wanted, AsOfRecord as_of) {
  Joins joins;
  if (!wanted) return joins;
  std::vector<OpenJoin> open;
  FT_RETURN_IF_ERROR(
      EachItem(view, v1::Action::kJoinParties, as_of, [&](const v1::RegisterRow& row) -> Status {
        if (row.has_ended()) return absl::OkStatus();
        if (open.size() == kMaxJoins)
          return absl::ResourceExhaustedError(
              absl::StrCat("the ledger has more than ", kMaxJoins,
                           " joins in force, the most that are followed at once: ask without joined"));
        const v1::JoinParties& said = row.action().join_parties();
        open.push_back({row.opened(), said.id(), said.party(), said.under()});
        return absl::OkStatus();
      }));
  std::sort(open.begin(), open.end());
  Ways ways;
  for (const OpenJoin& join : open) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const std::string below = EndOfWay(&ways, join.party), above = EndOfWay(&ways, join.under);
    if (below == above) continue;
    ways.emplace(below, above);
    joins.under_[below] = {above, join.id, join.opened};
  }
  for (auto& [party, under] : joins.under_) {
    FT_RETURN_IF_ERROR(view.GoOn());
    under.party = EndOfWay(&ways, party);
    joins.together_[under.party].insert(party);
  }
  return joins;
}

const std::string& Joins::StandingFor(const std::string& party) const {
  const auto found = under_.find(party);
  return found == under_.end() ? party : found->second.party;
}

std::vector<std::string> Joins::Together(const std::string& party) const {
  std::vector<std::string> all{StandingFor(party)};
  const auto found = together_.find(all.front());
  if (found != together_.end()) all.insert(all.end(), found->second.begin(), found->second.end());
  return all;
}

Status Joins::Describe(const View& view, AsOfRecord as_of, const std::string& party, const Under& under,
                       v1::JoinedParty* joined) const {
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(const auto said, NeedParty(Then(view, as_of), party));
  joined->set_party(party);
  joined->set_party_name(said.name());
  joined->set_under(under.party);
  joined->set_join(under.join);
  joined->set_record(under.record);
  return view.Grow(joined->ByteSizeLong());
}

}  // namespace fundtrail::query
