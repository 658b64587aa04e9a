// See project_money.h.
#include "ledger/query/project_money.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/books/state.h"
#include "ledger/query/item_names.h"
#include "ledger/query/project_accounts.h"
#include "ledger/query/project_results.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/project_standing.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

constexpr std::size_t kMaxHoldings = 1'000;

Status AddTotals(const View& view, const ProjectSums& sums, v1::ProjectMoneyAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view, sums.asset));
  v1::ProjectTotals* totals = answer->add_totals();
  totals->set_asset(sums.asset);
  totals->set_decimals(asset.decimals());
  totals->set_minted(sums.totals.minted.value());
  totals->set_moved_in(sums.totals.moved_in.value());
  totals->set_unrecorded(sums.totals.unrecorded.value());
  totals->set_committed_in(sums.totals.committed_in.value());
  totals->set_held(sums.totals.held.value());
  totals->set_ended(sums.totals.ended.value());
  totals->set_reached(sums.totals.reached.value());
  totals->set_with_sources(sums.totals.with_sources.value());
  totals->set_sent_back(sums.totals.sent_back.value());
  totals->set_taken_out(sums.totals.taken_out.value());
  totals->set_committed_minted(sums.totals.committed_minted.value());
  totals->set_beyond(sums.totals.beyond);
  return view.Grow(totals->ByteSizeLong());
}

StatusOr<v1::ProjectState> StateOf(const View& view, const v1::RegisterRow& row, const std::string& day,
                                   const v1::ProjectMoneyAnswer& answer, AsOfRecord as_of) {
  if (row.has_ended()) return v1::PROJECT_STATE_CLOSED;
  FT_ASSIGN_OR_RETURN(const auto decision, DecisionOn(view, row, as_of));
  if (decision == v1::ApproveProject::DECISION_REJECTED) return v1::PROJECT_STATE_PROJECT_REJECTED;
  if (decision != v1::ApproveProject::DECISION_APPROVED) return v1::PROJECT_STATE_PROPOSED;
  const auto& totals = answer.totals();
  const bool has_money = std::any_of(totals.begin(), totals.end(), [](const v1::ProjectTotals& sums) {
    return sums.minted() > 0 || sums.moved_in() > 0 || sums.beyond();
  });
  if (!has_money) return v1::PROJECT_STATE_PROJECT_APPROVED;
  const std::string& until = row.action().propose_project().until();
  return !until.empty() && until < day ? v1::PROJECT_STATE_FINALISING : v1::PROJECT_STATE_RUNNING;
}

Status AddVerdict(const View& view, const v1::RegisterRow& row, AsOfRecord as_of,
                  v1::ProjectMoneyAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const ProjectStanding standing,
                      StandingOfProject(view, row.action().propose_project(), answer->on(), as_of));
  const books::Standing& strictest = standing.strictest;
  if (strictest.verdict == v1::Evaluate::VERDICT_UNSPECIFIED) return absl::OkStatus();
  v1::ProjectVerdict* verdict = answer->mutable_verdict();
  verdict->set_counts_as(strictest.verdict);
  verdict->set_evaluation(strictest.by.evaluation());
  verdict->set_group(strictest.by.group());
  FT_ASSIGN_OR_RETURN(const auto group, NeedParty(Then(view, as_of), strictest.by.group()));
  verdict->set_group_name(group.name());
  verdict->set_record(strictest.by.record());
  verdict->set_programme(standing.programme);
  verdict->set_frozen(standing.Freezes());
  return view.Grow(verdict->ByteSizeLong());
}

// The value date of the receipt that has the lowest position which the account still holds.
StatusOr<std::string> HeldSince(const View& view, AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto line, books::GetAccountState(*view.rows, account));
  Position lowest = line.tail;
  const auto holes =
      view.rows->Scan(keys::Hole(account, line.first_hole), store::PrefixEnd(keys::HolesOf(account)));
  if (holes->Valid()) {
    FT_ASSIGN_OR_RETURN(const Interval hole, model::DecodeHole(holes->key(), holes->value()));
    lowest = std::min(lowest, hole.from);
  }
  FT_RETURN_IF_ERROR(holes->status());
  const Bytes at = keys::PieceIn(account, lowest);
  const auto pieces =
      view.rows->ScanAt(keys::PieceIn(account, Position(0)), at, store::PrefixEnd(keys::PiecesInOf(account)));
  if (!pieces->Valid()) {
    FT_RETURN_IF_ERROR(pieces->status());
    return model::Damaged(at, "is missing");
  }
  FT_ASSIGN_OR_RETURN(const auto piece, model::DecodePiece(pieces->key(), pieces->value()));
  if (lowest < piece.at.from || lowest >= piece.at.to) return model::Damaged(at, "is missing");
  FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view, piece.row.ref));
  return fundtrail::ToString(transfer.date);
}

struct Holding {
  std::string asset;
  Amount held;
  AccountNumber account;
};

// All holders' accounts of the project that hold something, the most first within an asset.
StatusOr<std::vector<Holding>> HoldingsOf(const View& view, const std::string& project, AsOfRecord as_of) {
  std::vector<Holding> holdings;
  const View then = Then(view, as_of);
  FT_RETURN_IF_ERROR(EachAccountIn(view, project, [&](AccountNumber account, v1::AccountName name) -> Status {
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(view, account, as_of));
    if (held.is_zero()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then, name.party()));
    if (party.role() == v1::ROLE_HOLDER)
      holdings.push_back({std::move(*name.mutable_asset()), held, account});
    return absl::OkStatus();
  }));
  std::sort(holdings.begin(), holdings.end(), [](const Holding& a, const Holding& b) {
    return std::tie(a.asset, b.held, a.account) < std::tie(b.asset, a.held, b.account);
  });
  return holdings;
}

// What the accounts hold is what the sums say.
Status CheckSums(const std::vector<Holding>& holdings, const std::string& project,
                 const v1::ProjectMoneyAnswer& answer) {
  std::map<std::string, std::int64_t> held;
  bool fits = true;
  for (const Holding& holding : holdings) fits = fits && AddTo(&held[holding.asset], holding.held.value());
  for (const v1::ProjectTotals& sums : answer.totals()) {
    const auto of = held.extract(sums.asset());
    if (sums.beyond()) continue;
    if (!fits || (of.empty() ? 0 : of.mapped()) != sums.held())
      return model::Damaged(keys::ProjectSumsOf(project, sums.asset()), "is not what its accounts hold");
  }
  if (held.empty()) return absl::OkStatus();
  return model::Damaged(keys::ProjectSumsOf(project, held.begin()->first), "is missing");
}

}  // namespace

StatusOr<v1::ProjectMoneyAnswer> ProjectMoney(const View& view, const v1::ProjectMoneyRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  const std::string& id = request.project();
  v1::ProjectMoneyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  std::optional<v1::RegisterRow> row;
  if (!id.empty()) {
    FT_ASSIGN_OR_RETURN(row, FindProject(view, id, as_of));
    FT_ASSIGN_OR_RETURN(*answer.mutable_project(), DescribeItem(view, *row));
    FT_RETURN_IF_ERROR(AddAttestations(view, as_of, answer.mutable_project()));
    FT_RETURN_IF_ERROR(view.Grow(answer.project().ByteSizeLong()));
  }
  FT_RETURN_IF_ERROR(
      EachAssetOf(view, id, as_of, [&](const ProjectSums& sums) { return AddTotals(view, sums, &answer); }));
  if (!row.has_value()) return answer;

  FT_ASSIGN_OR_RETURN(const auto state, StateOf(view, *row, answer.on(), answer, as_of));
  answer.set_state(state);
  FT_RETURN_IF_ERROR(AddVerdict(view, *row, as_of, &answer));
  FT_RETURN_IF_ERROR(AddResults(view, *row, as_of, &answer));
  FT_ASSIGN_OR_RETURN(const auto holdings, HoldingsOf(view, id, as_of));
  FT_RETURN_IF_ERROR(CheckSums(holdings, id, answer));
  const View then = Then(view, as_of);
  ItemNames names;
  for (const Holding& holding : holdings) {
    if (static_cast<std::size_t>(answer.holdings_size()) == kMaxHoldings) break;
    FT_RETURN_IF_ERROR(view.GoOn());
    v1::ProjectHolding* shown = answer.add_holdings();
    FT_ASSIGN_OR_RETURN(*shown->mutable_account(), DescribeAccount(then, holding.account));
    shown->set_held(holding.held.value());
    FT_RETURN_IF_ERROR(
        names.Add(then, v1::Action::kOpenFund, shown->account().fund(), answer.mutable_names()).status());
    if (!as_of.has_value()) {
      FT_ASSIGN_OR_RETURN(*shown->mutable_since(), HeldSince(view, holding.account));
    }
    FT_RETURN_IF_ERROR(view.Grow(shown->ByteSizeLong()));
  }
  answer.set_more_holdings(holdings.size() - static_cast<std::size_t>(answer.holdings_size()));
  return answer;
}

}  // namespace fundtrail::query
