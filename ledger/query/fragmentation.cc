// See fragmentation.h.
#include "ledger/query/fragmentation.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/concentration.h"
#include "ledger/model/register_table.h"
#include "ledger/query/apportion.h"
#include "ledger/query/coverage_cells.h"
#include "ledger/query/coverage_rows.h"
#include "ledger/query/duty_scope.h"
#include "ledger/query/policy_rows.h"
#include "ledger/query/standing_notices.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using FragmentKind = v1::FragmentationLine;
// Of each id, its money.
using Amounts = std::map<std::string, std::int64_t>;

constexpr std::size_t kMaxShown = 100;

class FragmentationReader {
 public:
  FragmentationReader(const View& view, const v1::FragmentationRequest& request, AsOfRecord as_of,
                      v1::FragmentationAnswer* answer)
      : view_(view), request_(request), as_of_(as_of), answer_(*answer) {}

  Status Read() {
    FT_RETURN_IF_ERROR(ReadCells());
    FT_RETURN_IF_ERROR(AddPolicies());
    FT_RETURN_IF_ERROR(AddDuties());
    FT_RETURN_IF_ERROR(AddFunds());
    FT_RETURN_IF_ERROR(AddProjects());
    FT_RETURN_IF_ERROR(AddImplementers());
    FT_RETURN_IF_ERROR(AddTeams());
    FT_RETURN_IF_ERROR(AddAuthors());
    return AddAnnouncers();
  }

 private:
  Status ReadCells() {
    v1::CoverageRequest asked;
    asked.set_place(request_.place());
    asked.set_category(request_.category());
    asked.set_asset(request_.asset());
    asked.set_unverified(request_.unverified());
    asked.set_by(v1::CoverageRequest::BY_FUND);  // so that funds are read
    v1::CoverageAnswer reckoned;
    reckoned.set_on(answer_.on());
    FT_ASSIGN_OR_RETURN(read_, ReadCoverage(view_, asked, as_of_, &reckoned));
    answer_.set_asset(reckoned.asset());
    answer_.set_decimals(reckoned.decimals());
    const GoOn go_on = [this] { return view_.GoOn(); };
    FT_ASSIGN_OR_RETURN(cells_, CellsOf(read_.books, read_.scope, go_on));
    std::int64_t placed = 0;
    for (const CoverageCells::Money& part : cells_.money) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      placed += part.money.placed;  // CellsOf saw that it fits
      if (part.project != kNoItem) {
        money_[part.project] += part.money.placed;
      } else {
        direct_[part.need] += part.money.placed;
      }
    }
    answer_.set_placed(placed);
    return absl::OkStatus();
  }

  // `name_of` is asked for those that are shown.
  Status AddLine(FragmentKind::Kind kind, const Amounts& amounts,
                 const std::function<StatusOr<std::string>(const std::string& id)>& name_of) {
    std::vector<std::pair<std::string, std::int64_t>> order(amounts.begin(), amounts.end());
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& one, const auto& other) { return one.second > other.second; });
    FragmentKind line;
    line.set_kind(kind);
    line.set_count(order.size());
    std::vector<std::int64_t> money;
    std::int64_t more = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      money.push_back(order[i].second);
      if (i >= kMaxShown) {
        more += order[i].second;
        continue;
      }
      v1::FragmentationPart* part = line.add_parts();
      part->set_id(order[i].first);
      FT_ASSIGN_OR_RETURN(*part->mutable_name(), name_of(order[i].first));
      part->set_amount(order[i].second);
    }
    line.set_more(order.size() - static_cast<std::size_t>(line.parts_size()));
    line.set_more_amount(more);
    if (kind == FragmentKind::KIND_FUNDS || kind == FragmentKind::KIND_IMPLEMENTERS) {
      if (const auto concentration = ConcentrationOf(money)) {
        line.set_effective(concentration->effective);
        line.set_largest(concentration->largest);
      }
    }
    FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
    *answer_.add_lines() = std::move(line);
    return absl::OkStatus();
  }

  StatusOr<std::string> NameIn(v1::Action::ActionCase action, const std::string& id) {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, action, id, as_of_));
    if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
    return model::TextIn(model::ItemOf(row->action()), "name");
  }
  Status AddParties(FragmentKind::Kind kind, const Amounts& amounts) {
    return AddLine(kind, amounts,
                   [this](const std::string& id) { return NameIn(v1::Action::kRegisterParty, id); });
  }

  // What is asked for was found by then.
  Status AddPolicies() {
    PolicyScope scope(view_);
    FT_RETURN_IF_ERROR(scope.Ask(request_.place(), request_.category()));
    Amounts policies;
    std::set<std::string> leads;
    const auto take = [&](const v1::RegisterRow& row) -> Status {
      const v1::OpenPolicy& said = row.action().open_policy();
      FT_ASSIGN_OR_RETURN(const bool touches, scope.Touches(said));
      if (!touches) return absl::OkStatus();
      policies.emplace(said.id(), 0);
      leads.insert(LeadOf(said));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachPolicyInForce(view_, answer_.on(), as_of_, take));
    FT_RETURN_IF_ERROR(AddLine(FragmentKind::KIND_POLICIES, policies, [this](const std::string& id) {
      return NameIn(v1::Action::kOpenPolicy, id);
    }));
    answer_.mutable_lines(answer_.lines_size() - 1)->set_leads(leads.size());
    return absl::OkStatus();
  }

  Status AddDuties() {
    DutyReader duties(view_, answer_.on(), as_of_);
    FT_RETURN_IF_ERROR(duties.Ask(request_.place(), request_.category()));
    answer_.set_place_name(duties.place_name());
    answer_.set_category_name(duties.category_name());
    Amounts bodies;
    const auto take = [&](const DutyInForce& duty) -> Status {
      FT_ASSIGN_OR_RETURN(const auto reply, duties.ReplyTo(*duty.row));
      const bool declined =
          reply.has_value() && reply->action().accept_duty().reply() == v1::AcceptDuty::REPLY_DECLINED;
      if (!declined) bodies.emplace(duty.party->id(), 0);
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(duties.EachInForce(take));
    return AddParties(FragmentKind::KIND_DUTIES, bodies);
  }

  // What of some money is placed there, out of each fund.
  Status Divide(std::int64_t placed, const std::vector<CoverageFund>& funds, Amounts* amounts) const {
    std::vector<std::int64_t> weights;
    weights.reserve(funds.size());
    for (const CoverageFund& fund : funds) weights.push_back(fund.money.placed);
    const std::vector<std::int64_t> parts = Apportion(placed, weights);
    for (std::size_t i = 0; i < funds.size(); ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (parts[i] > 0) (*amounts)[read_.books.funds[funds[i].fund].id] += parts[i];
    }
    return absl::OkStatus();
  }

  Status AddFunds() {
    Amounts funds;
    for (const auto& [number, placed] : money_)
      FT_RETURN_IF_ERROR(Divide(placed, read_.books.projects[number].funds, &funds));
    for (const auto& [number, placed] : direct_)
      FT_RETURN_IF_ERROR(Divide(placed, read_.books.needs[number].funds, &funds));
    return AddLine(FragmentKind::KIND_FUNDS, funds,
                   [this](const std::string& id) { return NameIn(v1::Action::kOpenFund, id); });
  }

  Status AddProjects() {
    Amounts projects;
    for (const CoverageCells::Presence& there : cells_.projects) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const auto money = money_.find(there.project);
      projects.emplace(read_.books.projects[there.project].id, money == money_.end() ? 0 : money->second);
    }
    return AddLine(FragmentKind::KIND_PROJECTS, projects,
                   [this](const std::string& id) { return NameIn(v1::Action::kProposeProject, id); });
  }

  Status AddImplementers() {
    Amounts parties;
    for (const auto& [number, placed] : money_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const std::string& id = read_.books.projects[number].id;
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
      if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kProposeProject, id), "is missing");
      const v1::ProposeProject& said = row->action().propose_project();
      parties[said.implementer().empty() ? said.owner() : said.implementer()] += placed;
    }
    return AddParties(FragmentKind::KIND_IMPLEMENTERS, parties);
  }

  Status AddTeams() {
    Amounts parties;
    for (const CoverageCells::Presence& there : cells_.teams) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      parties.emplace(read_.parties[there.party], 0);
    }
    return AddParties(FragmentKind::KIND_TEAMS, parties);
  }

  Status AddAuthors() {
    Amounts parties;
    for (const std::string& author : read_.authors) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      parties.emplace(author, 0);
    }
    return AddParties(FragmentKind::KIND_AUTHORS, parties);
  }

  Status AddAnnouncers() {
    NoticeReader notices(view_, as_of_);
    FT_RETURN_IF_ERROR(notices.Ask(request_.place(), request_.category()));
    FT_ASSIGN_OR_RETURN(const Date on, ParseDate(answer_.on()));
    Amounts parties;
    FT_RETURN_IF_ERROR(
        notices.EachStanding(FirstOf(on, kUsualNoticeDays), on, [&](const StandingNotice& notice) -> Status {
          parties.emplace(notice.said->owner(), 0);
          return absl::OkStatus();
        }));
    return AddParties(FragmentKind::KIND_ANNOUNCERS, parties);
  }

  const View& view_;
  const v1::FragmentationRequest& request_;
  const AsOfRecord as_of_;
  v1::FragmentationAnswer& answer_;
  CoverageRead read_;
  CoverageCells cells_;
  std::map<int, std::int64_t> money_;   // of each project with money there
  std::map<int, std::int64_t> direct_;  // of each need there that was paid for
};

}  // namespace

StatusOr<v1::FragmentationAnswer> Fragmentation(const View& view, const v1::FragmentationRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::FragmentationAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  answer.set_place(request.place());
  answer.set_category(request.category());
  FT_RETURN_IF_ERROR(FragmentationReader(view, request, as_of, &answer).Read());
  return answer;
}

}  // namespace fundtrail::query
