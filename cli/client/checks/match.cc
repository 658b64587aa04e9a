// Of a match: what is checked (checks.h).
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// What a match says of its needs and pledges, by their ids.
struct MatchedIds {
  std::map<std::string_view, const v1::MatchNeed*> needs;
  std::map<std::string_view, const v1::MatchPledge*> pledges;
  Wide open = 0, pledged = 0, matched = 0;
};

Status CheckParts(const v1::MatchAnswer& answer, MatchedIds* ids) {
  for (const v1::MatchPledge& pledge : answer.pledges()) {
    if (!ids->pledges.emplace(pledge.pledge(), &pledge).second)
      return Bad(absl::StrCat("pledge ", Escaped(pledge.pledge()), " is listed twice"));
    if (!IsPart(pledge.matched(), pledge.left()))
      return Bad(absl::StrCat("of pledge ", Escaped(pledge.pledge()), ", more is matched than there is"));
    ids->pledged += pledge.left();
  }
  std::map<std::string_view, Wide> used;
  for (const v1::MatchNeed& need : answer.needs()) {
    const std::string of = absl::StrCat("of need ", Escaped(need.need()), ", ");
    if (!ids->needs.emplace(need.need(), &need).second) return Bad(of + "there are two");
    if (!IsPart(need.matched(), need.open())) return Bad(of + "more is matched than it lacks");
    Wide sum = 0;
    for (const v1::MatchPart& part : need.parts()) {
      if (part.amount() <= 0 || ids->pledges.count(part.pledge()) == 0)
        return Bad(of + "a part is of no pledge, or is nothing");
      sum += part.amount();
      used[part.pledge()] += part.amount();
    }
    if (sum != need.matched()) return Bad(of + "the parts do not add up");
    ids->open += need.open();
    ids->matched += need.matched();
  }
  for (const auto& [id, pledge] : ids->pledges)
    if (used[id] != pledge->matched())
      return Bad(absl::StrCat("of pledge ", Escaped(std::string(id)), ", the parts do not add up"));
  return absl::OkStatus();
}

Status CheckSet(const v1::MatchSet& set, const MatchedIds& ids, std::set<std::string_view>* in_sets) {
  std::set<std::string_view> pledges;
  Wide open = 0, matched = 0, pledged = 0, served = 0;
  for (const std::string& id : set.pledges()) {
    const auto found = ids.pledges.find(id);
    if (found == ids.pledges.end() || !pledges.insert(id).second)
      return Bad("a set names a pledge that is not there, or twice");
    pledged += found->second->left();
  }
  for (const std::string& id : set.needs()) {
    const auto found = ids.needs.find(id);
    if (found == ids.needs.end() || !in_sets->insert(id).second)
      return Bad("sets name a need that is not there, or twice");
    open += found->second->open();
    matched += found->second->matched();
    for (const v1::MatchPart& part : found->second->parts()) {
      if (pledges.count(part.pledge()) == 0)
        return Bad(absl::StrCat("need ", Escaped(id), " is served by a pledge that its set does not name"));
      served += part.amount();
    }
  }
  if (open != set.open() || matched != set.matched() || pledged != set.pledged())
    return Bad("the sums of a set are not those of its needs and pledges");
  if (served != pledged) return Bad("something of the pledges of a set is left");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::MatchAnswer& answer, const v1::MatchRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const auto method = request.method() == v1::MatchRequest::METHOD_EQUAL
                          ? v1::MatchRequest::METHOD_EQUAL
                          : v1::MatchRequest::METHOD_PROPORTIONAL;
  if (request.asset() != answer.asset() || method != answer.method())
    return Bad("it is of another asset or method than was asked for");
  MatchedIds ids;
  FT_RETURN_IF_ERROR(CheckParts(answer, &ids));
  const auto extra = ids.pledges.find("");
  if ((extra == ids.pledges.end() ? 0 : extra->second->left()) != request.extra())
    return Bad("the extra amount is another than was asked for");
  if (ids.open != answer.open() || ids.pledged != answer.pledged() || ids.matched != answer.matched())
    return Bad("the sums are not those of its needs and pledges");
  std::set<std::string_view> in_sets;
  for (const v1::MatchSet& set : answer.sets()) FT_RETURN_IF_ERROR(CheckSet(set, ids, &in_sets));
  for (const v1::MatchNeed& need : answer.needs())
    if (need.matched() < need.open() && in_sets.count(need.need()) == 0)
      return Bad(absl::StrCat("need ", Escaped(need.need()), " lacks something, and no set says why"));
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
