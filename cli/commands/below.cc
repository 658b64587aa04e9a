// See below.h.
#include "cli/commands/below.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {
namespace {

// Of all the bodies together, in one asset. received + exchanged - paid = held.
struct BelowSums {
  std::uint32_t decimals = 0;
  std::int64_t received = 0, paid = 0, held = 0;  // from and to others
  // What of `held` lies at recipients and at sources: no HOLDER holds it.
  std::int64_t reached = 0, ends_here = 0, returned = 0;
  std::int64_t within_in = 0, within_out = 0;  // between the bodies: what came in, and what went out
  std::int64_t exchanged() const { return within_in - within_out; }
  // Of a server's sums it may be anything.
  std::int64_t at_holders() const {
    return static_cast<std::int64_t>(Wide{held} - reached - ends_here - returned);
  }
};

struct BelowAnswer {
  std::string party, name;
  std::set<std::string> bodies;
  // Of those bodies that hold nothing: where what they have is counted.
  std::map<std::string, std::int64_t BelowSums::*> ends;
  std::map<std::string, BelowSums> sums;  // by asset
  v1::CheckpointRef as_of;
  std::optional<std::uint64_t> record;  // that was asked for
  std::string day;                      // likewise; empty: none was
};

// Adds one account's part of a page.
Status AddStatement(const v1::Statement& statement, BelowAnswer* answer) {
  BelowSums& sums = answer->sums[statement.account().asset()];
  sums.decimals = statement.account().decimals();
  bool fits = true;
  for (const v1::StatementLine& line : statement.lines()) {
    if (line.amount() < 0)
      return absl::DataLossError("the server's answer cannot be true: an amount below zero");
    const bool within = answer->bodies.count(line.other_party()) > 0;
    std::int64_t* const outside = line.incoming() ? &sums.received : &sums.paid;
    std::int64_t* const inside = line.incoming() ? &sums.within_in : &sums.within_out;
    fits = fits && AddTo(within ? inside : outside, line.amount());
  }
  // What a SOURCE brought in is among its lines as paid alone: it came from outside.
  fits = fits && AddTo(&sums.received, statement.minted()) && AddTo(&sums.held, statement.total_in()) &&
         AddTo(&sums.held, -statement.total_out());
  if (const auto end = answer->ends.find(statement.account().party()); end != answer->ends.end()) {
    std::int64_t* const lies = &(sums.*end->second);
    fits = fits && AddTo(lies, statement.total_in()) && AddTo(lies, -statement.total_out());
  }
  return fits
             ? absl::OkStatus()
             : absl::DataLossError("the server's answer cannot be true: a sum is more than an amount can be");
}

// The tree, and the record that all else is asked as of.
StatusOr<BelowAnswer> ReadTree(Connection* connection, const BelowQuestion& question, std::uint64_t* record) {
  v1::RegistersRequest request;
  request.set_register_("party");
  request.set_below(question.party);
  request.set_limit(kMaxBodiesBelow + 1);
  if (question.as_of.record.has_value()) request.set_as_of(*question.as_of.record);
  FT_ASSIGN_OR_RETURN(const auto tree, WholeRegisters(connection, request));
  FT_RETURN_IF_ERROR(CheckAnswer(tree, request));
  BelowAnswer answer;
  answer.party = question.party;
  answer.day = question.as_of.day;
  if (request.has_as_of()) answer.record = request.as_of();
  answer.as_of = tree.as_of();
  for (const v1::RegisterLine& line : tree.lines()) {
    const v1::RegisterParty& party = line.action().register_party();
    if (party.id() == question.party) answer.name = party.name();
    answer.bodies.insert(party.id());
    if (party.role() == v1::ROLE_SOURCE) answer.ends[party.id()] = &BelowSums::returned;
    if (party.role() == v1::ROLE_RECIPIENT)
      answer.ends[party.id()] = party.role_inferred() ? &BelowSums::ends_here : &BelowSums::reached;
  }
  if (answer.bodies.size() > kMaxBodiesBelow) {
    return absl::InvalidArgumentError(absl::StrCat("--below: over ", kMaxBodiesBelow, " bodies are below ",
                                                   question.party, ": ask for a part of them"));
  }
  if (tree.as_of().size() == 0)
    return absl::DataLossError("the server's answer cannot be true: it is of no record");
  *record = request.has_as_of() ? request.as_of() : tree.as_of().size() - 1;
  return answer;
}

StatusOr<BelowAnswer> ReadBelow(Connection* connection, const BelowQuestion& question) {
  std::uint64_t record = 0;
  FT_ASSIGN_OR_RETURN(BelowAnswer answer, ReadTree(connection, question, &record));
  for (const std::string& body : answer.bodies) {
    v1::StatementRequest request;
    request.set_party(body);
    request.set_fund(question.fund);
    request.set_to(question.as_of.day);
    request.set_as_of(record);
    const std::function<Status(const v1::StatementAnswer&)> take =
        [&](const v1::StatementAnswer& page) -> Status {
      FT_RETURN_IF_ERROR(CheckAnswer(page));
      for (const v1::Statement& statement : page.statements())
        FT_RETURN_IF_ERROR(AddStatement(statement, &answer));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(PagesOfStatement(connection, request, take));
  }
  return answer;
}

render::Shown WhenOf(const BelowAnswer& answer, const render::Style& style) {
  render::Shown text;
  if (answer.record.has_value())
    text += render::Say("As the ledger stood after record {}.\n", *answer.record);
  if (!answer.day.empty()) text += render::Say("By the value dates up to {}.\n", answer.day);
  return text + render::AsOf(answer.as_of, style);
}

render::Shown BelowText(const BelowAnswer& answer, const render::Style& style) {
  render::Shown text = answer.bodies.size() == 1
                           ? render::Say("{} ({}), with no body below it:\n", answer.name, answer.party)
                           : render::Say("{} ({}) and all below it, {} bodies together:\n", answer.name,
                                         answer.party, answer.bodies.size());
  if (answer.sums.empty()) return text + render::Say("Nothing moved.\n") + WhenOf(answer, style);
  // Where something lies; or else that nothing is held.
  const std::pair<const char*, std::function<std::int64_t(const BelowSums&)>> places[] = {
      {"held", &BelowSums::at_holders},
      {"reached", &BelowSums::reached},
      {"ends here", &BelowSums::ends_here},
      {"came back", &BelowSums::returned}};
  std::vector<render::Column> columns = {{"asset"}, {"received", true}, {"paid", true}};
  std::vector<std::function<std::int64_t(const BelowSums&)>> shown;
  for (const auto& [title, amount] : places) {
    const bool any = std::any_of(answer.sums.begin(), answer.sums.end(),
                                 [&amount = amount](const auto& each) { return amount(each.second) != 0; });
    if (!any) continue;
    columns.push_back({title, true});
    shown.push_back(amount);
  }
  if (shown.empty()) {
    columns.push_back({"held", true});
    shown.emplace_back(&BelowSums::at_holders);
  }
  columns.push_back({"within", true});
  render::Table table(columns);
  for (const auto& [asset, sums] : answer.sums) {
    const auto money = [decimals = sums.decimals](std::int64_t amount) {
      return render::Money(amount, decimals);
    };
    std::vector<render::Cell> cells = {asset, money(sums.received), money(sums.paid)};
    for (const auto& amount : shown) cells.emplace_back(money(amount(sums)));
    cells.emplace_back(money(sums.within_in));
    table.Add(std::move(cells));
  }
  text += table.Text(style);
  text += render::Say("Within: what they paid one another. It counts neither as received nor as paid.\n");
  for (const auto& [asset, sums] : answer.sums) {
    if (sums.exchanged() == 0) continue;
    text += render::Say("Of {}, {} came by exchanges between them.\n", asset,
                        render::Money(sums.exchanged(), sums.decimals));
  }
  return text + WhenOf(answer, style);
}

std::string BelowCsv(const BelowAnswer& answer, sheets::Cells cells) {
  std::string text = render::CsvTitles({"party", "bodies", "asset", "received", "paid", "held", "within_in",
                                        "within_out", "reached", "ends_here", "returned"});
  for (const auto& [asset, sums] : answer.sums) {
    const auto money = [decimals = sums.decimals](std::int64_t amount) {
      return render::PlainMoney(amount, decimals);
    };
    text += render::CsvRow({answer.party, std::to_string(answer.bodies.size()), asset, money(sums.received),
                            money(sums.paid), money(sums.held), money(sums.within_in), money(sums.within_out),
                            money(sums.reached), money(sums.ends_here), money(sums.returned)},
                           answer.as_of, cells);
  }
  return text;
}

v1::BelowAnswer ToMessage(const BelowAnswer& answer) {
  v1::BelowAnswer message;
  *message.mutable_as_of() = answer.as_of;
  message.set_party(answer.party);
  message.set_name(answer.name);
  for (const auto& [asset, sums] : answer.sums) {
    v1::BelowLine* line = message.add_lines();
    line->set_asset(asset);
    line->set_decimals(sums.decimals);
    line->set_received(sums.received);
    line->set_paid(sums.paid);
    line->set_held(sums.held);
    line->set_within_in(sums.within_in);
    line->set_within_out(sums.within_out);
    line->set_reached(sums.reached);
    line->set_ends_here(sums.ends_here);
    line->set_returned(sums.returned);
  }
  for (const std::string& body : answer.bodies) message.add_bodies(body);
  if (answer.record.has_value()) message.set_as_of_record(*answer.record);
  message.set_as_of_date(answer.day);
  return message;
}

}  // namespace

StatusOr<Exit> AskBelow(const Context& context, const BelowQuestion& question) {
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const BelowAnswer answer, ReadBelow(connection.get(), question));
  if (question.csv) {
    PrintData(BelowCsv(answer, question.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, ToMessage(answer), [&] { return BelowText(answer, context.style()); });
}

}  // namespace fundtrail::cli
