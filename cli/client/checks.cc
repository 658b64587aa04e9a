// See checks.h.
#include "cli/client/checks.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/untrue.h"
#include "cli/render/trace.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/concentration.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

std::string Of(const v1::Account& account) {
  return absl::StrCat(Escaped(account.party()), ", fund ", Escaped(account.fund()),
                      account.project().empty() ? "" : ", project ", Escaped(account.project()), ", ",
                      Escaped(account.asset()));
}

bool IsPart(std::int64_t part, std::int64_t whole) { return part >= 0 && part <= whole; }

// What ended in each way, and how much of it is committed.
struct EndSums {
  Wide amount = 0;
  Wide committed = 0;
};

bool FitsEnds(const v1::AssetTrace& trace) {
  std::map<v1::EndKind, EndSums> sums;
  for (const auto& end : trace.ends()) {
    if (!IsPart(end.committed(), end.amount())) return false;
    sums[end.kind()].amount += end.amount();
    sums[end.kind()].committed += end.committed();
  }
  const v1::TraceSums& committed = trace.committed();
  const auto fits = [&](v1::EndKind kind, std::int64_t amount, std::int64_t of_it) {
    return sums[kind].amount == amount && sums[kind].committed == of_it;
  };
  return fits(v1::REACHED, trace.reached(), committed.reached()) &&
         fits(v1::ENDS_HERE, trace.ends_here(), committed.ends_here()) &&
         fits(v1::HELD, trace.held(), committed.held()) &&
         fits(v1::RETURNED, trace.returned(), committed.returned()) &&
         fits(v1::EXCHANGED, trace.exchanged(), committed.exchanged()) &&
         fits(v1::BROUGHT_IN, trace.brought_in(), committed.brought_in()) &&
         fits(v1::UNRECORDED, trace.unrecorded(), committed.unrecorded());
}

bool Tiles(const v1::TraceNode& node) {
  if (!IsPart(node.committed(), node.amount())) return false;
  Wide sum = node.cut();
  for (const auto& end : node.ends()) sum += end.amount();
  for (const auto& child : node.children()) {
    if (!Tiles(child)) return false;
    sum += child.amount();
  }
  return sum == node.amount();
}

// Control characters of C0 and C1, and DEL.
bool HasControls(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && !(lines && byte == '\n')) || byte == 0x7f) return true;
    if (byte != 0xc2 || i + 1 == text.size()) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next >= 0x80 && next < 0xa0) return true;
  }
  return false;
}

// Of an item: that what was said is about it.
bool IsAbout(const v1::Attestation& said, const v1::Action& item) {
  const model::Attestation* of = model::FindAttestation(said.action().action_case());
  return of != nullptr && of->about == item.action_case() &&
         model::AboutOf(said.action()) == model::IdOf(item);
}

Status CheckTotals(const v1::ProjectTotals& totals) {
  const std::string of = absl::StrCat("of ", Escaped(totals.asset()), ", ");
  for (const std::int64_t sum :
       {totals.minted(), totals.moved_in(), totals.held(), totals.ended(), totals.reached(),
        totals.with_sources(), totals.sent_back(), totals.taken_out(), totals.committed_minted()})
    if (sum < 0) return Bad(of + "a sum is below zero");
  const Wide in = Wide{totals.minted()} + totals.moved_in();
  const Wide there = Wide{totals.held()} + totals.ended() + totals.reached() + totals.with_sources();
  if (in != there + totals.sent_back() + totals.taken_out())
    return Bad(of + "what came in is not what lies somewhere and what went out");
  if (!IsPart(totals.unrecorded(), totals.minted()) || !IsPart(totals.committed_minted(), totals.minted()) ||
      totals.committed_in() < 0 || totals.committed_in() > in)
    return Bad(of + "a part is more than its whole");
  return absl::OkStatus();
}

// Of each target of the project one result, which says no more than follows from its own numbers.
Status CheckResults(const v1::ProjectMoneyAnswer& answer) {
  const auto& targets = answer.project().action().propose_project().targets();
  if (answer.results_size() != targets.size())
    return Bad("it has not one result for each target of the project");
  for (int i = 0; i < answer.results_size(); ++i) {
    const v1::ProjectResult& result = answer.results(i);
    const v1::Target& target = targets.Get(i);
    const std::string of = absl::StrCat("of the target ", Escaped(target.indicator()), ", ");
    if (result.target().SerializeAsString() != target.SerializeAsString())
      return Bad(of + "the result is of another one");
    const bool reported = result.reports() > 0;
    if (reported != result.has_reported() || reported != result.has_newest())
      return Bad(of + "there is a number without reports, or none of what was reported");
    if (result.reported() < 0) return Bad(of + "less than nothing was reported");
    if (result.has_ratio() != (reported && target.target() > 0))
      return Bad(of + "there is a ratio to nothing, or none to what it is to reach");
    if (!result.has_ratio()) continue;
    const Wide ratio = std::min(Wide{result.reported()} * 10'000 / target.target(),
                                Wide{std::numeric_limits<std::int64_t>::max()});
    if (result.ratio() != ratio) return Bad(of + "the ratio is not that of what was reported");
  }
  return absl::OkStatus();
}

// What follows from a line's sums.
Status CheckFigures(const v1::CoverageLine& line) {
  const v1::CoverageFigures& figures = line.figures();
  const std::string of = absl::StrCat("of the line ", Escaped(line.id()), ", ");
  if (figures.asked() < 0 || figures.placed() < 0 || figures.people() < 0 || figures.promised() < 0)
    return Bad(of + "a sum is below zero");
  if (!IsPart(figures.reached(), figures.placed()) || !IsPart(figures.committed(), figures.placed()))
    return Bad(of + "more is reached or committed than is placed");
  if (!IsPart(figures.direct(), figures.placed()))
    return Bad(of + "more was paid straight for needs than is placed");
  if (figures.direct() > figures.reached())
    return Bad(of + "more was paid straight for needs than reached recipients");
  if (!IsPart(figures.people_at_least(), figures.people()))
    return Bad(of + "the fewest people are more than the most");
  if (figures.severity() > 5) return Bad(of + "the severity is none from 1 to 5");
  const bool in_cells =
      line.kind() != v1::CoverageLine::SHARED && line.kind() != v1::CoverageLine::UNSPECIFIED;
  if (!in_cells && line.state() != v1::COVERAGE_STATE_UNSPECIFIED)
    return Bad(of + "it stands in no cell, and has a state");
  if (line.state() == v1::VACUUM && figures.promised() > 0)
    return Bad(of + "a pledge is assigned to it, and it is called a vacuum");
  const Wide missing = Wide{figures.asked()} - figures.placed();
  if (figures.gap() != (missing > 0 ? missing : 0) || figures.over() != (missing < 0 ? -missing : 0))
    return Bad(of + "the gap is not what is asked less what is placed");
  if (figures.has_ratio() != (figures.asked() > 0))
    return Bad(of + "there is a ratio to nothing, or none to what is asked");
  if (!figures.has_ratio()) return absl::OkStatus();
  const Wide ratio = std::min(Wide{figures.placed()} * 10'000 / figures.asked(),
                              Wide{std::numeric_limits<std::int64_t>::max()});
  if (figures.ratio() != ratio) return Bad(of + "the ratio is not that of what is placed to what is asked");
  const v1::CoverageState state = ratio < 5'000 ? v1::UNDER : ratio <= 11'000 ? v1::COVERED : v1::OVER;
  // Nor has a need that stands in no cell, as where the places that succeeded its own have nothing in common.
  if (!in_cells || figures.placed() == 0 || line.state() == state) return absl::OkStatus();
  return Bad(of + "the state does not follow from the ratio");
}

struct CoverageSums {
  Wide asked = 0, placed = 0, reached = 0, direct = 0, promised = 0;
  friend bool operator==(const CoverageSums&, const CoverageSums&) = default;
};

// A line of fragmentation; `placed` is all the money there.
Status CheckLine(const v1::FragmentationLine& line, std::int64_t placed) {
  const std::string of = absl::StrCat("of ", v1::FragmentationLine::Kind_Name(line.kind()), ", ");
  if (Wide(line.count()) != Wide(line.more()) + line.parts_size())
    return Bad(of + "the parts are not as many as is said");
  Wide sum = line.more_amount();
  std::vector<std::int64_t> amounts;
  for (const v1::FragmentationPart& part : line.parts()) {
    if (part.amount() < 0 || (!amounts.empty() && part.amount() > amounts.back()))
      return Bad(of + "a part is below zero, or the most money does not stand first");
    amounts.push_back(part.amount());
    sum += part.amount();
  }
  if (line.more_amount() < 0 || (line.more() == 0 && line.more_amount() != 0))
    return Bad(of + "there is money of nobody");
  const bool of_money =
      line.kind() == v1::FragmentationLine::FUNDS || line.kind() == v1::FragmentationLine::IMPLEMENTERS;
  // What was paid straight for needs is of funds, and of no implementer.
  if (line.kind() == v1::FragmentationLine::FUNDS && sum != placed)
    return Bad(of + "the parts do not have all the money that is placed");
  if (of_money && sum > placed) return Bad(of + "the parts have more money than is placed");
  const bool has_shares = of_money && sum > 0;
  if (line.has_effective() != has_shares || line.has_largest() != has_shares)
    return Bad(of + "there are shares of nothing, or none of what there is");
  if (!has_shares) return absl::OkStatus();
  if (amounts.empty() || line.largest() != Wide(amounts.front()) * 10'000 / sum)
    return Bad(of + "the largest share is not that of the first");
  const auto concentration = ConcentrationOf(amounts);
  const bool fits = line.more() > 0
                        ? line.effective() >= 1'000 && line.effective() / 1'000 <= Wide(line.count())
                        : concentration.has_value() && line.effective() == concentration->effective;
  if (!fits) return Bad(of + "the effective number does not follow from the shares");
  return absl::OkStatus();
}

// By what needs are sorted.
std::tuple<std::int64_t, std::uint32_t, std::string, std::int64_t, std::string> RankOf(
    const v1::NeedLine& line) {
  const v1::DeclareNeed& need = line.need();
  const std::uint32_t urgency =
      need.priority() == 0 ? std::numeric_limits<std::uint32_t>::max() : need.priority();
  // Behind every day.
  const std::string until = need.until().empty() ? std::string("~") : need.until();
  return {-std::int64_t{line.severity()}, urgency, until, -line.people(), need.id()};
}

// The state that follows from a need's figures and its last day.
v1::NeedState StateFrom(const v1::NeedLine& line, const std::string& on) {
  const Wide came = Wide{line.direct()} + line.by_projects();
  // Days sort as their texts do.
  if (!line.need().until().empty() && line.need().until() < on) return v1::EXPIRED;
  if (line.asked() == 0) return v1::WITHOUT_AMOUNT;
  if (line.beyond()) return v1::NEED_STATE_UNSPECIFIED;
  if (came >= line.asked()) return v1::MET;
  if (came + line.assigned() >= line.asked()) return v1::ASSIGNED;
  return came + line.assigned() > 0 ? v1::PARTLY : v1::OPEN;
}

// One need by itself.
Status CheckNeed(const v1::NeedLine& line, const std::string& on) {
  const v1::DeclareNeed& need = line.need();
  const std::string of = absl::StrCat("of need ", Escaped(need.id()), ", ");
  for (const std::int64_t sum : {line.people(), line.asked(), line.direct(), line.by_projects(),
                                 line.committed(), line.open(), line.assigned(), need.amount()})
    if (sum < 0) return Bad(of + "a sum is below zero");
  const Wide came = Wide{line.direct()} + line.by_projects();
  if (Wide{line.committed()} > came) return Bad(of + "more is committed than came");
  if (line.beyond() && came > 0) return Bad(of + "what came is not known, and is said");
  const Wide open = line.beyond() ? Wide{0} : std::max(Wide{0}, Wide{line.asked()} - came - line.assigned());
  if (line.open() != open)
    return Bad(of + "what is open is not what is asked less what came and is assigned");
  if (line.found() != v1::VerifyNeed::CORRECTED &&
      (line.people() != need.people() || line.severity() != need.severity() ||
       line.asked() != Capped(Wide{need.amount()} * line.years())))
    return Bad(of + "nobody corrected it, and it has other figures than its own");
  // One that ended, or has not begun, has no state; nor has one for which more came than can be counted.
  if (line.state() != v1::NEED_STATE_UNSPECIFIED && line.state() != StateFrom(line, on))
    return Bad(of + "the state does not follow from what came");
  return absl::OkStatus();
}

// Whether the question asks for such a need.
bool IsAskedFor(const v1::NeedLine& line, const v1::NeedsRequest& request) {
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  if (request.ids_size() > 0) return has(request.ids(), line.need().id());
  if (line.state() == v1::NEED_STATE_UNSPECIFIED && !(line.beyond() && request.states().empty()))
    return false;
  const bool verified =
      line.found() == v1::VerifyNeed::CONFIRMED || line.found() == v1::VerifyNeed::CORRECTED;
  if (!verified && !request.unverified()) return false;
  return request.states_size() == 0 ? line.state() != v1::EXPIRED
                                    : has(request.states(), static_cast<int>(line.state()));
}

struct NeedSums {
  std::uint64_t needs = 0;
  Wide asked = 0, met = 0, open = 0, assigned = 0;
};

// That the counts are of the lines.
Status CheckCounts(const v1::NeedsAnswer& answer) {
  std::map<std::pair<std::string, int>, NeedSums> sums;
  for (const v1::NeedLine& line : answer.lines()) {
    NeedSums& of = sums[{line.need().asset(), line.state()}];
    ++of.needs;
    of.asked += line.asked();
    of.met += Wide{line.direct()} + line.by_projects();
    of.open += line.open();
    of.assigned += line.assigned();
  }
  for (const v1::NeedCount& count : answer.counts()) {
    const auto of = sums.extract(std::pair<std::string, int>(count.asset(), count.state()));
    const bool fits = !of.empty() && of.mapped().needs == count.needs() &&
                      Capped(of.mapped().asked) == count.asked() && Capped(of.mapped().met) == count.met() &&
                      Capped(of.mapped().open) == count.open() &&
                      Capped(of.mapped().assigned) == count.assigned();
    if (!fits) return Bad("the counts are not those of the needs");
  }
  return sums.empty() ? absl::OkStatus() : Bad("the counts are not those of the needs");
}

bool IsNote(const google::protobuf::FieldDescriptor& field) {
  return field.name() == "note" || field.name() == "checkpoint";
}

}  // namespace

Status CheckAnswer(const v1::BalanceAnswer& answer) {
  for (const auto& line : answer.lines()) {
    // Of a SOURCE, what it brought in is in both.
    if (Wide{line.received()} - line.drawn() != line.held())
      return Bad(absl::StrCat("of ", Of(line.account()),
                              ", what was received less what was paid is not what is held"));
    if (!IsPart(line.committed_received(), line.received()) ||
        !IsPart(line.committed_drawn(), line.drawn()) ||
        (line.has_committed_held() && !IsPart(line.committed_held(), line.held())))
      return Bad(absl::StrCat("of ", Of(line.account()), ", more is committed than there is"));
    if (line.has_kept() && !IsPart(line.kept(), line.held()))
      return Bad(absl::StrCat("of ", Of(line.account()), ", more is kept than is held"));
    if (line.has_spendable() != line.has_frozen() || !IsPart(line.frozen_kept(), line.frozen()) ||
        line.frozen() < 0 || line.spendable() < 0)
      return Bad(absl::StrCat("of ", Of(line.account()),
                              ", a part of what is held is more than it, or less than nothing"));
    if (line.has_spendable() && Wide{line.frozen()} + line.kept() + line.spendable() != line.held())
      return Bad(absl::StrCat("of ", Of(line.account()),
                              ", what is frozen, kept and spendable is not what is held"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::StatementAnswer& answer) {
  for (const auto& statement : answer.statements()) {
    Wide in = 0, out = 0;
    for (const auto& line : statement.lines()) (line.incoming() ? in : out) += line.amount();
    out -= statement.minted();  // a SOURCE's lines out, of which a total has nothing
    if (in != statement.total_in() || out != statement.total_out())
      return Bad(absl::StrCat("of ", Of(statement.account()), ", the lines do not have the totals"));
    if (Wide{statement.held_before()} + in - out != statement.held_after())
      return Bad(absl::StrCat("of ", Of(statement.account()), ", the totals do not lead to what is held"));
    if (!IsPart(statement.committed_in(), statement.total_in()) ||
        !IsPart(statement.committed_out(), statement.total_out()) ||
        !IsPart(statement.committed_minted(), statement.minted()))
      return Bad(absl::StrCat("of ", Of(statement.account()), ", more is committed than there is"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::TraceAnswer& answer) {
  for (const auto& trace : answer.assets()) {
    const std::string asset = Escaped(trace.asset());
    Wide ended = 0, in_tree = 0;
    for (const auto& end : trace.ends()) ended += end.amount();
    if (!render::AddsUp(answer.direction(), trace) || ended != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", what ended is not what was asked"));
    if (!FitsEnds(trace))
      return Bad(absl::StrCat("of ", asset, ", a sum is not that of the ends of its kind"));
    if (!IsPart(trace.committed().asked(), trace.asked()))
      return Bad(absl::StrCat("of ", asset, ", more is committed than was asked"));
    if (trace.came_round() < 0)
      return Bad(absl::StrCat("of ", asset, ", less than nothing came round again"));
    for (const auto& root : trace.tree()) {
      in_tree += root.amount();
      if (!Tiles(root)) return Bad(absl::StrCat("of ", asset, ", a branch of the tree does not add up"));
    }
    if (!trace.tree().empty() && in_tree != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", the tree is not what was asked"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::RegistersAnswer& answer, const v1::RegistersRequest& request) {
  const model::Register* of = model::FindRegister(request.register_());
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::RegisterLine& line = answer.lines(i);
    if (of == nullptr || line.action().action_case() != of->action)
      return Bad("a line is of another register than was asked about");
    // Without those that ended, what is below one follows what is above it.
    if (i > 0 && !request.current() &&
        std::uint64_t{line.depth()} > std::uint64_t{answer.lines(i - 1).depth()} + 1)
      return Bad(absl::StrCat("in the tree, ", Escaped(model::IdOf(line.action())), " is ", line.depth(),
                              " levels down, and the one before it ", answer.lines(i - 1).depth()));
  }
  for (const v1::RegisterLine& line : answer.lines()) {
    for (const v1::Attestation& said : line.attestations())
      if (!IsAbout(said, line.action()))
        return Bad(absl::StrCat("what was said about ", Escaped(model::IdOf(line.action())),
                                " is about something else"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::ProjectMoneyAnswer& answer, const v1::ProjectMoneyRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (answer.has_project() == request.project().empty())
    return Bad("it is of another project than was asked");
  if (answer.has_project()) {
    const v1::RegisterLine& line = answer.project();
    if (!line.action().has_propose_project() || model::IdOf(line.action()) != request.project())
      return Bad("it is of another project than was asked");
    for (const v1::Attestation& said : line.attestations())
      if (!IsAbout(said, line.action()))
        return Bad("what was said about the project is about something else");
  }
  if (answer.has_verdict()) {
    const v1::ProjectVerdict& verdict = answer.verdict();
    const bool stops =
        verdict.counts_as() == v1::Evaluate::SUSPEND || verdict.counts_as() == v1::Evaluate::WITHDRAW;
    if (!answer.has_project() || verdict.counts_as() == v1::Evaluate::VERDICT_UNSPECIFIED)
      return Bad("there is a verdict that says nothing, or one over no project");
    if (verdict.frozen() != stops) return Bad("what is frozen does not follow from the verdict");
  }
  FT_RETURN_IF_ERROR(CheckResults(answer));
  bool all_known = true;
  std::map<std::string, Wide> left;  // of what holders hold, less the accounts that are shown
  for (const v1::ProjectTotals& totals : answer.totals()) {
    FT_RETURN_IF_ERROR(CheckTotals(totals));
    all_known = all_known && !totals.beyond();
    if (!left.emplace(totals.asset(), Wide{totals.held()}).second)
      return Bad(absl::StrCat("it has the sums of ", Escaped(totals.asset()), " twice"));
  }
  for (const v1::ProjectHolding& holding : answer.holdings()) {
    if (holding.account().project() != request.project())
      return Bad(absl::StrCat(Of(holding.account()), " is no account of the project"));
    left[holding.account().asset()] -= holding.held();
    if (holding.held() < 0) return Bad(absl::StrCat(Of(holding.account()), " holds less than nothing"));
  }
  // Of general money no holder is shown.
  const bool all_shown = answer.has_project() && answer.more_holdings() == 0;
  for (const auto& [asset, rest] : left) {
    if (!all_known) break;
    if (rest < 0 || (all_shown && rest != 0))
      return Bad(absl::StrCat("of ", Escaped(asset), ", the accounts do not hold what is held"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (!request.asset().empty() && request.asset() != answer.asset())
    return Bad("it is of another asset than was asked");
  FT_RETURN_IF_ERROR(CheckFigures(answer.total()));
  CoverageSums sums;
  for (const v1::CoverageLine& line : answer.lines()) {
    FT_RETURN_IF_ERROR(CheckFigures(line));
    if (line.depth() > 0) continue;
    sums.asked += line.figures().asked();
    sums.placed += line.figures().placed();
    sums.reached += line.figures().reached();
    sums.direct += line.figures().direct();
    sums.promised += line.figures().promised();
  }
  // Programmes, projects and funds have no needs.
  const bool has_needs = request.by() != v1::CoverageRequest::BY_PROGRAMME &&
                         request.by() != v1::CoverageRequest::BY_PROJECT &&
                         request.by() != v1::CoverageRequest::BY_FUND;
  const v1::CoverageFigures& total = answer.total().figures();
  // No more than 63 bits of what is asked are said.
  const bool clipped = total.asked() == kMostInt64, promises_clipped = total.promised() == kMostInt64;
  const CoverageSums whole{has_needs && !clipped ? Wide{total.asked()} : sums.asked, total.placed(),
                           total.reached(), total.direct(),
                           has_needs && !promises_clipped ? Wide{total.promised()} : sums.promised};
  if (request.states().empty() && !request.crowded() && !(sums == whole))
    return Bad("the lines do not add up to the total");
  for (const std::int64_t sum : {answer.elsewhere(), answer.general(), answer.brought_in(),
                                 answer.with_sources(), answer.not_verified_asked()})
    if (sum < 0) return Bad("a sum is below zero");
  if (Wide{total.placed()} + answer.elsewhere() + answer.general() !=
      Wide{answer.brought_in()} - answer.with_sources() + answer.exchanged())
    return Bad("what lies somewhere is not what was brought in");
  if (!IsPart(answer.unrecorded(), answer.brought_in()) || !IsPart(answer.committed(), answer.brought_in()))
    return Bad("a part is more than its whole");
  return absl::OkStatus();
}

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
      return Bad(absl::StrCat("pledge ", Escaped(pledge.pledge()), " stands there twice"));
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
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  const auto method =
      request.method() == v1::MatchRequest::EQUAL ? v1::MatchRequest::EQUAL : v1::MatchRequest::PROPORTIONAL;
  if (request.asset() != answer.asset() || method != answer.method())
    return Bad("it is of another asset or method than was asked");
  MatchedIds ids;
  FT_RETURN_IF_ERROR(CheckParts(answer, &ids));
  const auto extra = ids.pledges.find("");
  if ((extra == ids.pledges.end() ? 0 : extra->second->left()) != request.extra())
    return Bad("the extra amount is another than was asked");
  if (ids.open != answer.open() || ids.pledged != answer.pledged() || ids.matched != answer.matched())
    return Bad("the sums are not those of its needs and pledges");
  std::set<std::string_view> in_sets;
  for (const v1::MatchSet& set : answer.sets()) FT_RETURN_IF_ERROR(CheckSet(set, ids, &in_sets));
  for (const v1::MatchNeed& need : answer.needs())
    if (need.matched() < need.open() && in_sets.count(need.need()) == 0)
      return Bad(absl::StrCat("need ", Escaped(need.need()), " lacks something, and no set says why"));
  return absl::OkStatus();
}

constexpr int kMostDuties = 1'000;  // that WhoAnswers shows

Status CheckAnswer(const v1::WhoAnswersAnswer& answer, const v1::WhoAnswersRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked");
  if (answer.lines_size() > kMostDuties || (answer.more() > 0 && answer.lines_size() < kMostDuties))
    return Bad("it shows another number of duties than there are, or than it may show");
  std::set<std::string> duties, leads;
  bool all_accepted = true;  // up to this line
  for (const v1::DutyLine& line : answer.lines()) {
    if (!line.duty().action().has_assign_duty()) return Bad("a line is no duty");
    const v1::AssignDuty& duty = line.duty().action().assign_duty();
    if (!duties.insert(duty.id()).second)
      return Bad(absl::StrCat("duty ", Escaped(duty.id()), " stands there twice"));
    // Days sort as their texts do.
    const bool in_period =
        duty.from() <= answer.on() && (duty.until().empty() || answer.on() <= duty.until());
    if (line.duty().has_ended() || !in_period)
      return Bad(absl::StrCat("duty ", Escaped(duty.id()), " is not in force on that day"));
    const bool replied =
        line.acceptance() == v1::DutyLine::ACCEPTED || line.acceptance() == v1::DutyLine::DECLINED;
    if (replied != line.has_accepted_in())
      return Bad(absl::StrCat("of duty ", Escaped(duty.id()), ", no record says what the party answered"));
    const bool accepted = line.acceptance() == v1::DutyLine::ACCEPTED;
    if (accepted && !all_accepted)
      return Bad(
          absl::StrCat("duty ", Escaped(duty.id()), " was accepted, and stands behind one that was not"));
    all_accepted = accepted;
    if (duty.role() == v1::AssignDuty::LEAD && accepted) leads.insert(duty.party());
  }
  const auto verdict = leads.empty()       ? v1::WhoAnswersAnswer::NOBODY
                       : leads.size() == 1 ? v1::WhoAnswersAnswer::ONE
                                           : v1::WhoAnswersAnswer::SEVERAL;
  // When every line that is shown was accepted, those that are left out may have more leads.
  const bool may_be_more = answer.more() > 0 && all_accepted;
  if (answer.verdict() != verdict && !(may_be_more && answer.verdict() > verdict))
    return Bad("the verdict does not follow from the duties that were accepted");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::IdleTeamsAnswer& answer, const v1::IdleTeamsRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (answer.days() == 0 || (request.days() > 0 && request.days() != answer.days()))
    return Bad("it is for another number of days than was asked");
  for (const v1::IdleTeam& team : answer.teams()) {
    const v1::RegisterLine& line = team.deployment();
    if (!line.action().has_deploy() || line.has_ended()) return Bad("a line is no deployment that goes on");
    const v1::Deploy& said = line.action().deploy();
    const std::string of = absl::StrCat("of deployment ", Escaped(said.id()), ", ");
    if (said.project().empty() || said.status() != v1::Deploy::ACTIVE)
      return Bad(of + "it is not active on a project");
    const auto on = ParseDate(answer.on());
    const auto heard = ParseDate(std::max(team.since(), team.reported()));
    if (!on.ok() || !heard.ok() || on->days() - heard->days() != static_cast<std::int64_t>(team.quiet_days()))
      return Bad(of + "it is not quiet for so many days");
    if (team.quiet_days() <= answer.days()) return Bad(of + "it is not quiet for long");
  }
  if (Wide(answer.teams_size()) + answer.without_project() > Wide(answer.in_force()))
    return Bad("more teams are idle than are there");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::StandingAnswer& answer, const v1::StandingRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  const std::pair<const char*, const std::string*> subjects[] = {{"project", &request.project()},
                                                                 {"programme", &request.programme()},
                                                                 {"policy", &request.policy()},
                                                                 {"party", &request.party()}};
  for (const auto& [of, id] : subjects)
    if (!id->empty() && (answer.register_() != of || answer.id() != *id))
      return Bad("it is of something else than was asked");
  auto strictest = v1::Evaluate::VERDICT_UNSPECIFIED;
  for (const v1::StandingLine& line : answer.lines()) strictest = std::max(strictest, line.counts_as());
  if (answer.verdict() != strictest) return Bad("the verdict is not the strictest of those that stand");
  const bool stops = strictest == v1::Evaluate::SUSPEND || strictest == v1::Evaluate::WITHDRAW;
  const bool has_money = answer.register_() == "project" || answer.register_() == "programme";
  if (answer.frozen() != (stops && has_money)) return Bad("what is frozen does not follow from the verdict");
  if (!answer.frozen() && (answer.money_size() > 0 || answer.holdings_size() > 0))
    return Bad("money is called frozen, and is not");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::EvaluationsAnswer& answer, const v1::EvaluationsRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  const std::string* last = nullptr;
  for (const v1::EvaluationLine& line : answer.lines()) {
    if (!line.evaluation().action().has_evaluate()) return Bad("a line is no evaluation");
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    const std::string of = absl::StrCat("evaluation ", Escaped(said.id()));
    const auto is = [](const std::string& asked, const std::string& id) {
      return asked.empty() || asked == id;
    };
    const bool asked =
        is(request.project(), said.project()) && is(request.programme(), said.programme()) &&
        is(request.policy(), said.policy()) && is(request.party(), said.party()) &&
        is(request.group(), said.group()) && (line.stands() || !request.standing()) &&
        (request.verdict() == v1::Evaluate::VERDICT_UNSPECIFIED || request.verdict() == said.verdict());
    if (!asked) return Bad(of + " was not asked for");
    if (last != nullptr && *last >= said.id()) return Bad(of + " stands behind one that comes after it");
    last = &said.id();
    if (line.stands() && line.annulled()) return Bad(of + " is annulled, and stands");
    if (line.total() > 100) return Bad(of + " has more than 100 points");
  }
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more evaluations than were asked for");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::ParticipationAnswer& answer, const v1::ParticipationRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (request.fund() != answer.fund() || request.programme() != answer.programme() ||
      request.project() != answer.project())
    return Bad("it is of another fund, programme or project than was asked");
  for (const v1::AssetParticipation& line : answer.assets()) {
    const std::string of = absl::StrCat("in ", Escaped(line.asset()), ", ");
    Wide brought = 0, sources = 0, share = 0;
    for (const v1::KindOfSource& kind : line.kinds()) {
      if (kind.brought() < 0) return Bad(of + "a kind of source brought in less than nothing");
      brought += kind.brought();
      sources += kind.sources();
      share += kind.share();
    }
    if (brought != line.brought() || sources != line.sources())
      return Bad(of + "the kinds of sources are not all of them");
    if (share != (line.brought() > 0 ? 10'000 : 0)) return Bad(of + "the shares are not the whole");
    if (line.lasting() > line.sources() || !IsPart(line.largest_brought(), line.brought()))
      return Bad(of + "a part is more than the whole");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, bool whole) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  std::set<std::string> ids;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::NeedLine& line = answer.lines(i);
    FT_RETURN_IF_ERROR(CheckNeed(line, answer.on()));
    if (!IsAskedFor(line, request))
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " was not asked for"));
    if (!ids.insert(line.need().id()).second)
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " stands there twice"));
    if (i > 0 && RankOf(line) < RankOf(answer.lines(i - 1)))
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " stands behind one that comes after it"));
  }
  if (!whole) return absl::OkStatus();
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more needs than were asked for");
  if (request.limit() > 0 || !request.after().empty()) return absl::OkStatus();
  if (request.ids_size() > 0 && answer.lines_size() != request.ids_size())
    return Bad("it has not all needs that were asked for");
  return CheckCounts(answer);
}

Status CheckAnswer(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more pledges than were asked for");
  const auto kept = [](std::int64_t paid, std::int64_t pledged) {
    return paid >= pledged ? Wide{10'000} : Wide{paid} * 10'000 / pledged;
  };
  std::string last;
  for (const v1::PledgeLine& line : answer.lines()) {
    const v1::Pledge& pledge = line.pledge();
    const std::string of = absl::StrCat("of pledge ", Escaped(pledge.id()), ", ");
    if (pledge.id() <= last) return Bad(of + "it stands behind one that comes after it");
    last = pledge.id();
    if (!request.donor().empty() && pledge.owner() != request.donor())
      return Bad(of + "it is one of another donor");
    if (!request.all() && line.state() != v1::PLEDGE_IN_FORCE) return Bad(of + "it was not asked for");
    const bool money = pledge.amount() > 0;
    if (line.pledged() <= 0 || line.pledged() != (money ? pledge.amount() : pledge.quantity()))
      return Bad(of + "it says another amount than the pledge");
    if (line.assigned() < 0 || line.paid() < 0) return Bad(of + "a sum is below zero");
    if (line.left() != std::max(Wide{0}, Wide{line.pledged()} - line.assigned()))
      return Bad(of + "what is left is not what was pledged less what is assigned");
    if (line.has_kept() != money || (money && line.kept() != kept(line.paid(), line.pledged())))
      return Bad(of + "what was kept does not follow from what was paid");
  }
  for (const v1::DonorPledges& sum : answer.donors()) {
    if (sum.donor() != request.donor() || sum.pledged() <= 0 || sum.assigned() < 0 || sum.paid() < 0 ||
        sum.kept() != kept(sum.paid(), sum.pledged()))
      return Bad("what a donor kept does not follow from what it paid");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::FragmentationAnswer& answer, const v1::FragmentationRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked");
  if (!request.asset().empty() && request.asset() != answer.asset())
    return Bad("it is of another asset than was asked");
  int kind = v1::FragmentationLine::POLICIES;
  for (const v1::FragmentationLine& line : answer.lines()) {
    if (line.kind() != kind++) return Bad("it has not one line for each kind");
    const bool of_policies = line.kind() == v1::FragmentationLine::POLICIES;
    if (line.has_leads() != of_policies || line.leads() > line.count())
      return Bad("policies have no leads, or more than there are policies");
    FT_RETURN_IF_ERROR(CheckLine(line, answer.placed()));
  }
  if (kind != v1::FragmentationLine::ANNOUNCERS + 1) return Bad("it has not one line for each kind");
  return absl::OkStatus();
}

namespace {

constexpr int kMostPublicPlaces = 1'000, kMostPublicNotices = 500, kMostOpen = 100;

// What both answers say of a notice, on that day.
Status CheckNotice(const v1::PublicityNotice& line, const std::string& on) {
  const v1::Announce& notice = line.notice();
  const std::string of = absl::StrCat("of notice ", Escaped(notice.id()), ", ");
  const auto from = ParseDate(notice.from());
  const auto last = ParseDate(line.last());
  // A last day after 2200 is said as the last of that year.
  if (!from.ok() || !last.ok() || last->days() < from->days() ||
      std::int64_t{last->days()} - from->days() >= std::max<std::int64_t>(notice.days(), 1))
    return Bad(of + "the last day does not follow from the first");
  if (line.complete() != (line.last() < on)) return Bad(of + "it is not as complete as its days say");
  if (notice.from() > on) return Bad(of + "its first day is to come");
  if ((notice.kind() == v1::Announce::CALL) != (notice.ways_size() > 0))
    return Bad(of + "a call has ways to take part, and nothing else has");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::PublicityAnswer& answer, const v1::PublicityRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked");
  if (answer.days() == 0 || (request.days() > 0 && request.days() != answer.days()))
    return Bad("it is for another number of days than was asked");
  if (answer.places_size() > kMostPublicPlaces || answer.notices_size() > kMostPublicNotices)
    return Bad("it shows more than it may");
  std::uint64_t silent = 0, with_need = 0;
  std::set<std::string> places, notices;
  for (const v1::PublicityPlace& line : answer.places()) {
    const std::string of = absl::StrCat("of place ", Escaped(line.place()), ", ");
    if (!places.insert(line.place()).second) return Bad(of + "there are two lines");
    if (line.silent() != (line.needs() > 0 && line.reached_by() == 0))
      return Bad(of + "it is not as silent as its calls say");
    if (line.calls() > line.notices() || line.calls() > line.reached_by() ||
        line.announcers() > line.notices())
      return Bad(of + "a part is more than its whole");
    for (const std::uint64_t channel :
         {line.web(), line.board(), line.meeting(), line.radio(), line.message()})
      if (channel > line.notices()) return Bad(of + "a part is more than its whole");
    if (request.silent() && !line.silent()) return Bad(of + "it is not silent");
    silent += line.silent() ? 1 : 0;
    with_need += line.needs() > 0 ? 1 : 0;
  }
  const bool all = answer.more_places() == 0;
  if (silent > answer.silent() || (all && silent < answer.silent()) || answer.silent() > answer.with_need() ||
      with_need > answer.with_need() || (all && !request.silent() && with_need < answer.with_need()))
    return Bad("the places do not add up to what is said of all");
  for (const v1::PublicityNotice& line : answer.notices()) {
    if (!notices.insert(line.notice().id()).second)
      return Bad(absl::StrCat("notice ", Escaped(line.notice().id()), " stands there twice"));
    FT_RETURN_IF_ERROR(CheckNotice(line, answer.on()));
    if (line.last() < answer.since())
      return Bad(absl::StrCat("of notice ", Escaped(line.notice().id()), ", its last day was before"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::OpenAnswer& answer, const v1::OpenRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked");
  if (answer.calls_size() > kMostOpen || answer.needs_size() > kMostOpen ||
      answer.projects_size() > kMostOpen)
    return Bad("it shows more than it may");
  for (const v1::OpenCall& line : answer.calls()) {
    FT_RETURN_IF_ERROR(CheckNotice(line.call(), answer.on()));
    if (line.call().notice().kind() != v1::Announce::CALL || line.call().complete())
      return Bad(absl::StrCat("notice ", Escaped(line.call().notice().id()), " is no call in force"));
  }
  for (const v1::NeedLine& line : answer.needs()) {
    if (!IsPart(line.open(), line.asked()))
      return Bad(absl::StrCat("of need ", Escaped(line.need().id()), ", more is open than is asked"));
    if (line.state() != v1::OPEN && line.state() != v1::PARTLY && line.state() != v1::WITHOUT_AMOUNT)
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " is not open"));
  }
  for (const v1::OpenProject& line : answer.projects()) {
    if (line.placed() < 0 || line.gap() <= 0 || Wide{line.placed()} + line.gap() != line.budget())
      return Bad(absl::StrCat("of project ", Escaped(line.project()), ", the gap is not what is missing"));
  }
  return absl::OkStatus();
}

namespace {

// Where seats and parties of a group stand.
struct SeatsCounted {
  std::set<std::string> members;
  std::set<int> kinds;
};

Status CheckSeats(const v1::GroupAnswer& answer, const std::string& group, SeatsCounted* counted) {
  std::set<std::string> seats;
  for (const v1::GroupSeat& seat : answer.seats()) {
    if (!seat.seat().action().has_give_seat()) return Bad("a line is no seat");
    const v1::GiveSeat& said = seat.seat().action().give_seat();
    const std::string of = absl::StrCat("of seat ", Escaped(said.id()), ", ");
    if (said.group() != group) return Bad(of + "it is one of another group");
    if (!seats.insert(said.id()).second) return Bad(of + "it stands there twice");
    // Days sort as their texts do.
    const bool over = seat.seat().has_ended() || (!said.until().empty() && said.until() < answer.on());
    if (over != (seat.state() == v1::GroupSeat::OVER)) return Bad(of + "its state is not that of its period");
    if (seat.state() == v1::GroupSeat::ACCEPTED && said.from() > answer.on())
      return Bad(of + "it counts before it begins");
    if (seat.signed_() > seat.acts() || Wide{seat.acts()} + seat.recused() > Wide{answer.acts()})
      return Bad(of + "its party came more often than the group acted");
    const Wide attendance = seat.acts() == 0 ? Wide{0} : Wide{seat.signed_()} * 10'000 / seat.acts();
    if (Wide{seat.attendance()} != attendance)
      return Bad(of + "the attendance does not follow from its acts");
    if (seat.state() != v1::GroupSeat::ACCEPTED) continue;
    counted->members.insert(said.party());
    counted->kinds.insert(said.kind());
  }
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::GroupAnswer& answer, const v1::GroupRequest& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  const v1::FormGroup& group = answer.group().action().form_group();
  if (group.id() != request.group()) return Bad("it is of another group than was asked");
  SeatsCounted counted;
  FT_RETURN_IF_ERROR(CheckSeats(answer, group.id(), &counted));
  std::set<int> vacancies;
  for (const int kind : group.required_kinds())
    if (counted.kinds.count(kind) == 0) vacancies.insert(kind);
  if (vacancies != std::set<int>(answer.vacancies().begin(), answer.vacancies().end()))
    return Bad("the kinds that are missing do not follow from the seats");
  const Wide members = static_cast<Wide>(counted.members.size());
  if (Wide{answer.members()} != members) return Bad("the members are not those of the seats");
  const Wide part = (Wide{group.quorum_basis_points()} * members + 9'999) / 10'000;
  const Wide must = std::max(Wide{group.quorum()}, part);
  if (Wide{answer.must_sign()} != must) return Bad("another number must sign than the group says");
  const bool in_term = group.from() <= answer.on() && (group.until().empty() || answer.on() <= group.until());
  if (answer.can_act() != (!answer.group().has_ended() && !answer.party_ended() && in_term &&
                           vacancies.empty() && members >= must))
    return Bad("whether it can act does not follow from its seats");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::MissingGroupsAnswer& answer, const v1::MissingGroupsRequest& request,
                   bool whole) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
  const v1::FormGroup::Kind kind =
      request.kind() == v1::FormGroup::KIND_UNSPECIFIED ? v1::FormGroup::COOPERATIVE : request.kind();
  if (request.level() != answer.level() || kind != answer.kind())
    return Bad("it is of another level or kind than was asked");
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::MissingGroup& line = answer.lines(i);
    if (i > 0 && line.place() <= answer.lines(i - 1).place())
      return Bad(absl::StrCat("place ", Escaped(line.place()), " does not stand behind the one before it"));
    if (line.needs() == 0 || line.severity() > 5)
      return Bad(absl::StrCat("place ", Escaped(line.place()), " has no need, or one of no severity"));
  }
  if (answer.with_group() > answer.with_need() || answer.with_need() > answer.places())
    return Bad("a part is more than its whole");
  const Wide missing = Wide{answer.with_need()} - answer.with_group();
  const Wide lines = Wide{answer.lines_size()};
  const bool all = whole && request.limit() == 0 && request.after().empty();
  if (lines > missing || (all && lines != missing))
    return Bad("it shows another number of places than have a need and no group");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::string last;
  for (const v1::PolicyLine& line : answer.lines()) {
    if (!line.policy().action().has_open_policy() || line.policy().has_ended())
      return Bad("a line is no policy that goes on");
    const v1::OpenPolicy& said = line.policy().action().open_policy();
    const std::string of = absl::StrCat("of policy ", Escaped(said.id()), ", ");
    if (said.id() <= last) return Bad(of + "it stands behind one that comes after it");
    last = said.id();
    // Days sort as their texts do.
    if (said.from() > answer.on() || (!said.until().empty() && said.until() < answer.on()))
      return Bad(of + "it is not in force on that day");
    if (line.responsible_size() != said.responsible_size())
      return Bad(of + "it does not show all who answer");
    for (int i = 0; i < said.responsible_size(); ++i) {
      const v1::PolicyParty& party = line.responsible(i);
      if (party.party() != said.responsible(i).party() || party.role() != said.responsible(i).role())
        return Bad(of + "others answer than it says");
      const bool answered = party.acceptance() != v1::DutyLine::NAMED;
      if (answered != party.has_accepted_in() || answered == party.duty().empty())
        return Bad(of + "no record says what a party answered");
    }
  }
  return absl::OkStatus();
}

Status CheckPair(const v1::PolicyPair& pair, const v1::PolicyPairsRequest& request) {
  const std::string of =
      absl::StrCat("of policies ", Escaped(pair.one().id()), " and ", Escaped(pair.other().id()), ", ");
  if (pair.one().id() >= pair.other().id()) return Bad(of + "the first is not the first by id");
  const std::string& asked = request.policy();
  if (!asked.empty() && asked != pair.one().id() && asked != pair.other().id())
    return Bad(of + "neither was asked for");
  __extension__ using Cells = unsigned __int128;
  const auto cells = [](const v1::PolicyExtent& extent) {
    return Cells{extent.places()} * extent.categories() * extent.target_groups();
  };
  const v1::PolicyExtent &one = pair.one().extent(), &other = pair.other().extent(), &both = pair.common();
  // Fewer than 2^31 of each, so that no product is too large.
  const auto fits = [](std::uint32_t common, std::uint32_t x, std::uint32_t y) {
    return common <= std::min(x, y) && std::max(x, y) <= std::numeric_limits<std::int32_t>::max();
  };
  if (!fits(both.places(), one.places(), other.places()) ||
      !fits(both.categories(), one.categories(), other.categories()) ||
      !fits(both.target_groups(), one.target_groups(), other.target_groups()))
    return Bad(of + "more is common than either has");
  const Cells common = cells(both), either = cells(one) + cells(other) - common;
  const Cells degree = either == 0 ? Cells{0} : common * 10'000 / either;
  if (Cells{pair.degree()} != degree) return Bad(of + "the degree does not follow from what is common");
  if ((pair.duplication() && common == 0) || (pair.to_integrate() && !pair.duplication()))
    return Bad(of + "it says the same without having anything in common");
  for (const v1::PolicyStake& stake : pair.at_stake())
    if (stake.amount() <= 0 || pair.beyond()) return Bad(of + "the money at stake is none");
  using Kind = v1::PolicyPairsRequest;
  const bool conflicts = !pair.conflicts().empty();
  const bool wanted = request.kind() == Kind::OVERLAP       ? common > 0
                      : request.kind() == Kind::DUPLICATION ? pair.duplication()
                      : request.kind() == Kind::INTEGRATE   ? pair.to_integrate()
                      : request.kind() == Kind::CONFLICT    ? conflicts
                                                            : common > 0 || conflicts;
  return wanted ? absl::OkStatus() : Bad(of + "it is of another kind than was asked");
}

Status CheckAnswer(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::pair<std::string, std::string> last;
  for (const v1::PolicyPair& pair : answer.pairs()) {
    FT_RETURN_IF_ERROR(CheckPair(pair, request));
    const std::pair<std::string, std::string> ids(pair.one().id(), pair.other().id());
    if (ids <= last) return Bad("pairs of policies do not stand in order");
    last = ids;
  }
  if (!answer.has_counts()) return absl::OkStatus();
  const v1::PolicyPairCounts& counts = answer.counts();
  if (counts.duplications() > counts.overlaps() || counts.to_integrate() > counts.duplications())
    return Bad("a part of the pairs is more than all of them");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  using Rank = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string>;
  std::optional<Rank> last;
  Wide without = 0;
  for (const v1::PolicyGap& gap : answer.gaps()) {
    if (gap.needs() == 0 || gap.people() < 0 || gap.severity() > 5) return Bad("a gap has no needs");
    Rank rank(-static_cast<std::int64_t>(gap.severity()), -gap.people(), gap.place(), gap.category(),
              gap.target_group());
    if (last.has_value() && !(*last < rank)) return Bad("gaps do not stand in order");
    last = std::move(rank);
    without += gap.needs();
  }
  if (answer.with_policy() > answer.needs()) return Bad("more needs have a policy than there are");
  const bool all = request.limit() == 0 && request.after().empty() && answer.next().empty();
  if (all && answer.needs() > 0 && without > Wide{answer.needs()} - answer.with_policy())
    return Bad("more needs have no policy than there are");
  return absl::OkStatus();
}

Status CheckTexts(const google::protobuf::Message& answer) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& reflection = *answer.GetReflection();
  std::vector<const Field*> fields;
  reflection.ListFields(answer, &fields);
  for (const Field* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(answer, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        FT_RETURN_IF_ERROR(CheckTexts(field->is_repeated() ? reflection.GetRepeatedMessage(answer, field, i)
                                                           : reflection.GetMessage(answer, field)));
      } else if (field->type() == Field::TYPE_STRING) {
        std::string room;
        const std::string& text = field->is_repeated()
                                      ? reflection.GetRepeatedStringReference(answer, field, i, &room)
                                      : reflection.GetStringReference(answer, field, &room);
        if (HasControls(text, IsNote(*field)))
          return Bad(absl::StrCat("its field ", field->full_name(),
                                  " has control characters, which no ledger takes"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
