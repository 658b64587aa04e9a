// See match.h.
#include "ledger/query/match.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/books/state.h"
#include "ledger/query/item_names.h"
#include "ledger/query/match_flow.h"
#include "ledger/query/match_scope.h"
#include "ledger/query/needs.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct KeptPledge {
  v1::Pledge said;
  std::uint64_t record = 0;
  std::int64_t left = 0;
};

struct MatchQuestion {
  AsOfRecord as_of;
  MatchMethod method = MatchMethod::kProportional;
};

StatusOr<MatchQuestion> QuestionOf(const v1::MatchRequest& request) {
  MatchQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  switch (request.method()) {
    case v1::MatchRequest::METHOD_UNSPECIFIED:
    case v1::MatchRequest::METHOD_PROPORTIONAL:
      break;
    case v1::MatchRequest::METHOD_EQUAL:
      question.method = MatchMethod::kEqual;
      break;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("method: ", static_cast<int>(request.method()), " is not known"));
  }
  if (request.asset().empty())
    return absl::InvalidArgumentError("asset: amounts of one asset are matched: say which");
  if (request.extra() < 0) return absl::InvalidArgumentError("extra: it is less than nothing");
  return question;
}

// Reads the pledges and the needs, and fills the answer with them.
class MatchReader {
 public:
  MatchReader(const View& view, const v1::MatchRequest& request, MatchQuestion question,
              v1::MatchAnswer* answer)
      : view_(view), request_(request), question_(question), answer_(*answer) {}

  Status Read() {
    FT_RETURN_IF_ERROR(ReadPledges());
    absl::flat_hash_set<std::string> named;
    for (const KeptPledge& pledge : pledges_)
      named.insert(pledge.said.needs().begin(), pledge.said.needs().end());
    scopes_.emplace(view_, std::move(named));
    FT_RETURN_IF_ERROR(ReadNeeds());
    return TakePledges();
  }

  StatusOr<MatchFlows> Flow() {
    problem_.cells = scopes_->cells();
    problem_.scopes = scopes_->TakeScopes();
    MatchWork work;
    work.go_on = [this] { return view_.GoOn(); };
    return FlowMatch(problem_, question_.method, work);
  }

 private:
  Status ReadPledges() {
    return EachItem(view_, v1::Action::kPledge, question_.as_of, [&](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::Pledge& said = row.action().pledge();
      if (row.has_ended() || said.asset() != request_.asset() ||
          !IsInPeriod(answer_.on(), said.from(), said.until()))
        return absl::OkStatus();
      std::optional<RecordIndex> at;
      if (question_.as_of.has_value()) at = RecordIndex(*question_.as_of);
      FT_ASSIGN_OR_RETURN(const auto sums,
                          books::GetSupply(*view_.rows, model::Supply::kPledge, said.id(), at));
      if (said.amount() < 0 || sums.assigned() < 0 || sums.paid() < 0)
        return model::Damaged(keys::Item(v1::Action::kPledge, said.id()), "has less than nothing");
      // What is paid under it stands in an assignment, or nobody assigned it: then it is gone all the same.
      const std::int64_t gone = std::max(sums.assigned(), sums.paid());
      if (said.amount() <= gone) return absl::OkStatus();
      KeptPledge kept{said, row.record(), said.amount() - gone};
      kept.said.clear_conditions();
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(KeptPledge) + kept.said.ByteSizeLong()));
      pledges_.push_back(std::move(kept));
      return absl::OkStatus();
    });
  }

  Status ReadNeeds() {
    v1::NeedsRequest request;
    request.set_place(request_.place());
    request.set_category(request_.category());
    request.set_on(answer_.on());
    if (question_.as_of.has_value()) request.set_as_of(*question_.as_of);
    request.add_states(v1::NEED_STATE_OPEN);
    request.add_states(v1::NEED_STATE_PARTLY);
    FT_ASSIGN_OR_RETURN(auto pages, Needs(view_, request, Paging()));
    while (!pages.over()) {
      FT_ASSIGN_OR_RETURN(v1::NeedsAnswer page, pages.Next());
      if (page.not_verified() > 0) answer_.set_not_verified(page.not_verified());
      for (const v1::NeedLine& line : page.lines())
        if (line.need().asset() == request_.asset() && line.open() > 0) FT_RETURN_IF_ERROR(TakeNeed(line));
    }
    return absl::OkStatus();
  }

  Status TakeNeed(const v1::NeedLine& line) {
    MatchDemand demand;
    demand.id = line.need().id();
    demand.open = line.open();
    demand.severity = line.severity();
    demand.priority = line.need().priority();
    demand.people = line.people();
    FT_ASSIGN_OR_RETURN(demand.cell, scopes_->CellOf(line.need()));
    v1::MatchNeed* need = answer_.add_needs();
    need->set_need(line.need().id());
    need->set_record(line.record());
    need->set_place(line.need().place());
    need->set_place_name(line.place_name());
    need->set_category(line.need().category());
    need->set_category_name(line.category_name());
    need->set_severity(line.severity());
    need->set_priority(line.need().priority());
    need->set_people(line.people());
    need->set_open(line.open());
    FT_RETURN_IF_ERROR(view_.Grow(need->ByteSizeLong() + sizeof(MatchDemand)));
    problem_.demands.push_back(std::move(demand));
    return absl::OkStatus();
  }

  // Of the pledges those that are for one of the needs.
  Status TakePledges() {
    std::vector<int> scopes;
    for (const KeptPledge& pledge : pledges_) {
      FT_ASSIGN_OR_RETURN(const int scope, scopes_->ScopeOf(pledge.said));
      scopes.push_back(scope);
    }
    // First, as its id is empty.
    if (request_.extra() > 0) {
      problem_.supplies.push_back({"", request_.extra(), scopes_->Everything()});
      answer_.add_pledges()->set_left(request_.extra());
    }
    for (std::size_t i = 0; i < pledges_.size(); ++i) {
      const KeptPledge& kept = pledges_[i];
      if (scopes_->IsEmpty(scopes[i])) {
        std::int64_t left = answer_.elsewhere_left();
        if (!AddTo(&left, kept.left)) left = kMaxInt64;
        answer_.set_elsewhere(answer_.elsewhere() + 1);
        answer_.set_elsewhere_left(left);
        continue;
      }
      problem_.supplies.push_back({kept.said.id(), kept.left, scopes[i]});
      v1::MatchPledge* pledge = answer_.add_pledges();
      pledge->set_pledge(kept.said.id());
      pledge->set_record(kept.record);
      pledge->set_owner(kept.said.owner());
      FT_ASSIGN_OR_RETURN(*pledge->mutable_owner_name(),
                          NameOfItem(view_, v1::Action::kRegisterParty, kept.said.owner(), question_.as_of));
      pledge->set_left(kept.left);
      pledge->set_accepts_assignment(kept.said.accepts_assignment());
      FT_RETURN_IF_ERROR(view_.Grow(pledge->ByteSizeLong() + sizeof(MatchSupply)));
    }
    pledges_.clear();
    return absl::OkStatus();
  }

  const View& view_;
  const v1::MatchRequest& request_;
  const MatchQuestion question_;
  v1::MatchAnswer& answer_;
  std::vector<KeptPledge> pledges_;
  std::optional<MatchScopes> scopes_;
  MatchProblem problem_;
};

Status AddLines(const View& view, const MatchFlows& flows, v1::MatchAnswer* answer) {
  for (const MatchLine& line : flows.lines) {
    v1::MatchNeed* need = answer->mutable_needs(line.demand);
    v1::MatchPledge* pledge = answer->mutable_pledges(line.supply);
    v1::MatchPart* part = need->add_parts();
    part->set_pledge(pledge->pledge());
    part->set_amount(line.amount);
    need->set_matched(need->matched() + line.amount);
    pledge->set_matched(pledge->matched() + line.amount);
    FT_RETURN_IF_ERROR(view.Grow(part->ByteSizeLong()));
  }
  return absl::OkStatus();
}

Status AddSets(const View& view, const MatchFlows& flows, v1::MatchAnswer* answer) {
  for (const MatchSet& from : flows.sets) {
    v1::MatchSet* set = answer->add_sets();
    for (const int demand : from.demands) set->add_needs(answer->needs(demand).need());
    for (const int supply : from.supplies) set->add_pledges(answer->pledges(supply).pledge());
    set->set_open(from.open);
    set->set_matched(from.got);
    set->set_pledged(from.supply);
    FT_RETURN_IF_ERROR(view.Grow(set->ByteSizeLong()));
  }
  return absl::OkStatus();
}

// Sums, and whether all adds up. FlowMatch has seen that the sums fit.
Status AddUp(v1::MatchAnswer* answer) {
  std::int64_t open = 0, pledged = 0, got = 0, used = 0;
  bool right = true;
  for (const v1::MatchNeed& need : answer->needs()) {
    right =
        right && AddTo(&open, need.open()) && AddTo(&got, need.matched()) && need.matched() <= need.open();
  }
  for (const v1::MatchPledge& pledge : answer->pledges()) {
    right = right && AddTo(&pledged, pledge.left()) && AddTo(&used, pledge.matched()) &&
            pledge.matched() <= pledge.left();
  }
  for (const v1::MatchSet& set : answer->sets()) right = right && set.matched() == set.pledged();
  if (!right || got != used) return absl::InternalError("the match does not add up");
  answer->set_open(open);
  answer->set_pledged(pledged);
  answer->set_matched(got);
  return absl::OkStatus();
}

}  // namespace

StatusOr<v1::MatchAnswer> Match(const View& view, const v1::MatchRequest& request) {
  FT_ASSIGN_OR_RETURN(const MatchQuestion question, QuestionOf(request));
  v1::MatchAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (question.as_of.has_value()) answer.set_as_of_record(*question.as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), question.as_of));
  FT_ASSIGN_OR_RETURN(const auto asset, FindAsset(Then(view, question.as_of), request.asset()));
  answer.set_asset(request.asset());
  answer.set_decimals(asset.decimals());
  answer.set_method(question.method == MatchMethod::kEqual ? v1::MatchRequest::METHOD_EQUAL
                                                           : v1::MatchRequest::METHOD_PROPORTIONAL);
  MatchReader reader(view, request, question, &answer);
  FT_RETURN_IF_ERROR(reader.Read());
  FT_ASSIGN_OR_RETURN(const MatchFlows flows, reader.Flow());
  answer.set_per_person(flows.per_person);
  FT_RETURN_IF_ERROR(AddLines(view, flows, &answer));
  FT_RETURN_IF_ERROR(AddSets(view, flows, &answer));
  FT_RETURN_IF_ERROR(AddUp(&answer));
  return answer;
}

}  // namespace fundtrail::query
