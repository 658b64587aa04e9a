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
#include "cli/render/trace.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/concentration.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

__extension__ using Wide = __int128;  // no sum of a server's numbers overflows it

Status Bad(const std::string& what) {
  return absl::DataLossError(absl::StrCat("the server's answer cannot be true: ", what));
}

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
  if (figures.asked() < 0 || figures.placed() < 0 || figures.people() < 0)
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
  Wide asked = 0, placed = 0, reached = 0, direct = 0;
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

constexpr std::int64_t kMostSaid = std::numeric_limits<std::int64_t>::max();

std::int64_t Capped(Wide sum) { return sum > kMostSaid ? kMostSaid : static_cast<std::int64_t>(sum); }

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
  if (came == 0) return v1::OPEN;
  return came < line.asked() ? v1::PARTLY : v1::MET;
}

// One need by itself.
Status CheckNeed(const v1::NeedLine& line, const std::string& on) {
  const v1::DeclareNeed& need = line.need();
  const std::string of = absl::StrCat("of need ", Escaped(need.id()), ", ");
  for (const std::int64_t sum : {line.people(), line.asked(), line.direct(), line.by_projects(),
                                 line.committed(), line.open(), need.amount()})
    if (sum < 0) return Bad(of + "a sum is below zero");
  const Wide came = Wide{line.direct()} + line.by_projects();
  if (Wide{line.committed()} > came) return Bad(of + "more is committed than came");
  if (line.beyond() && came > 0) return Bad(of + "what came is not known, and is said");
  const Wide open = line.beyond() ? Wide{0} : std::max(Wide{0}, Wide{line.asked()} - came);
  if (line.open() != open) return Bad(of + "what is open is not what is asked less what came");
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
  Wide asked = 0, met = 0, open = 0;
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
  }
  for (const v1::NeedCount& count : answer.counts()) {
    const auto of = sums.extract(std::pair<std::string, int>(count.asset(), count.state()));
    const bool fits = !of.empty() && of.mapped().needs == count.needs() &&
                      Capped(of.mapped().asked) == count.asked() && Capped(of.mapped().met) == count.met() &&
                      Capped(of.mapped().open) == count.open();
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
  }
  // Programmes, projects and funds have no needs.
  const bool has_needs = request.by() != v1::CoverageRequest::BY_PROGRAMME &&
                         request.by() != v1::CoverageRequest::BY_PROJECT &&
                         request.by() != v1::CoverageRequest::BY_FUND;
  const v1::CoverageFigures& total = answer.total().figures();
  // No more than 63 bits of what is asked are said.
  const bool clipped = total.asked() == std::numeric_limits<std::int64_t>::max();
  const CoverageSums whole{has_needs && !clipped ? Wide{total.asked()} : sums.asked, total.placed(),
                           total.reached(), total.direct()};
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
  if (kind != v1::FragmentationLine::AUTHORS + 1) return Bad("it has not one line for each kind");
  return absl::OkStatus();
}

// That an answer is of the record and the day that were asked about.
template <typename Answer, typename Request>
Status CheckWhen(const Answer& answer, const Request& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked");
  if (!request.on().empty() && request.on() != answer.on()) return Bad("it is of another day than was asked");
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
