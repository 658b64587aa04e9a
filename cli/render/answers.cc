// See answers.h.
#include "cli/render/answers.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/accounts.h"
#include "cli/render/arrivals.h"
#include "cli/render/back.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/registers.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/model/references.h"
#include "ledger/model/unrecorded.h"

namespace fundtrail::render {
namespace {

std::string Kind(v1::TransferKind kind) { return absl::AsciiStrToLower(v1::TransferKind_Name(kind)); }
// Behind a kind: nothing when it was paid.
Shown NotPaid(v1::Stage stage) {
  return stage == v1::PAID ? Shown() : Say(", {}", OwnWord(StageWord(stage)));
}

std::string Refs(const google::protobuf::RepeatedPtrField<v1::TransferRef>& refs) {
  return absl::StrJoin(
      refs, " ", [](std::string* out, const v1::TransferRef& ref) { out->append(model::RefText(ref)); });
}

std::string Pieces(const v1::TransferOutcome& outcome) {
  return absl::StrJoin(outcome.pieces(), " ", [](std::string* out, const v1::Piece& piece) {
    out->append(fmt::format("{}+{}", piece.from(), piece.length()));
  });
}

// In a table: "lunches", "to lunches", "lunches to general money".
std::string ProjectCell(const v1::Transfer& transfer) {
  std::string text = transfer.project();
  const std::string to = transfer.to_general() ? "general money" : transfer.to_project();
  if (!to.empty()) text += (text.empty() ? "to " : " to ") + to;
  return text;
}

Table TransferTable(const google::protobuf::RepeatedPtrField<v1::TransferLine>& lines) {
  const bool projects = std::any_of(lines.begin(), lines.end(), [](const v1::TransferLine& line) {
    return !ProjectCell(line.transfer()).empty();
  });
  const bool needs = std::any_of(lines.begin(), lines.end(), [](const v1::TransferLine& line) {
    return !line.transfer().need().empty();
  });
  const bool arrivals = std::any_of(lines.begin(), lines.end(),
                                    [](const v1::TransferLine& line) { return line.has_arrival(); });
  const bool back = std::any_of(lines.begin(), lines.end(),
                                [](const v1::TransferLine& line) { return !BackWords(line).empty(); });
  const bool stages = std::any_of(lines.begin(), lines.end(), [](const v1::TransferLine& line) {
    return line.transfer().stage() != v1::PAID;
  });
  Column asset{"asset"}, from{"from"}, to{"to"}, fund{"fund"}, kind{"kind"}, purpose{"purpose"};
  asset.folds = fund.folds = kind.folds = true;
  kind.spare = purpose.spare = true;
  from.name = to.name = true;
  // What is promised must not look like what is paid, however narrow the terminal is.
  Column stage{"stage"};
  stage.whole = stage.folds = true;
  std::vector<Column> columns = {
      {"ref", false, true}, {"date", false, true}, {"amount", true}, asset, from, to, fund, kind, purpose};
  if (arrivals) columns.insert(columns.end() - 1, {"arrival"});
  if (back) columns.insert(columns.end() - 1, {"undone or back"});
  if (needs) columns.insert(columns.begin() + 7, {"need"});
  if (projects) columns.insert(columns.begin() + 7, {"project"});
  if (stages) columns.insert(columns.begin() + 4, stage);
  Table table(columns);
  for (const auto& line : lines) {
    const auto& transfer = line.transfer();
    std::vector<Cell> cells = {model::RefText(line.ref()),
                               line.date(),
                               Money(transfer.amount(), line.decimals()),
                               transfer.asset(),
                               line.from_name(),
                               line.to_name(),
                               transfer.fund(),
                               OwnWord(Kind(transfer.kind())),
                               transfer.purpose()};
    if (arrivals) cells.insert(cells.end() - 1, ArrivalWords(line));
    if (back) cells.insert(cells.end() - 1, BackWords(line));
    if (needs) cells.insert(cells.begin() + 7, transfer.need());
    if (projects) cells.insert(cells.begin() + 7, ProjectCell(transfer));
    if (stages) cells.insert(cells.begin() + 4, OwnWord(StageWord(transfer.stage())));
    table.Add(std::move(cells));
  }
  return table;
}

// How many transfers have which values: nothing where it was not asked for.
Shown FacetText(const v1::ListFacets& facets, const Style& style) {
  if (facets.facets().empty()) return {};
  Table table({{"by"}, {"value", false, true}, {"name"}, {"transfers", true}});
  Shown more;
  for (const v1::Facet& facet : facets.facets()) {
    const std::string by = v1::Facet::Of_IsValid(facet.of())
                               ? absl::AsciiStrToLower(v1::Facet::Of_Name(facet.of()))
                               : std::string("?");
    for (const v1::FacetValue& value : facet.values()) {
      const bool kind = facet.of() == v1::Facet::KIND;
      table.Add({by, kind ? absl::AsciiStrToLower(value.value()) : value.value(), value.name(),
                 Number(value.transfers())});
    }
    if (facet.more() > 0)
      more += (more.empty() ? Shown() : Shown(", ")) + Say("{} by {}", Number(facet.more()), by);
  }
  Shown text = Say("\n{} transfers fit", Number(facets.fit()));
  if (facets.cut())
    text += Say(" among the first {}; later ones were not looked at", Number(facets.looked()));
  text += ":\n";
  text += table.Text(style);
  if (!more.empty()) text += Say("More values: {}.\n", more);
  return text;
}

}  // namespace

Shown ActionText(const v1::Action& action) {
  switch (action.action_case()) {
    case v1::Action::kGenesis:
      return Say("genesis: root party {}, {} root keys, {} must sign; rules {}",
                 action.genesis().root_party(), action.genesis().root_keys_size(),
                 action.genesis().threshold(), action.genesis().rules());
    case v1::Action::kAuthoriseKey:
      return Say("key {} may act for {}", HexEncode(action.authorise_key().public_key()),
                 action.authorise_key().party());
    case v1::Action::kRevokeKey:
      return Say("key {} may no longer act for {}", HexEncode(action.revoke_key().public_key()),
                 action.revoke_key().party());
    case v1::Action::kRotateLedgerKey:
      return Say("the ledger's key is now {}, {}", HexEncode(action.rotate_ledger_key().new_key()),
                 action.rotate_ledger_key().endorsement().empty() ? "without the old one's word"
                                                                  : "endorsed by the old one");
    case v1::Action::kChangeRoot: {
      Shown words = Say("root: {} must sign", action.change_root().threshold());
      for (const auto& key : action.change_root().add_keys())
        words += Say(", key {} decides too", HexEncode(key));
      for (const auto& key : action.change_root().remove_keys())
        words += Say(", key {} no longer", HexEncode(key));
      return words;
    }
    case v1::Action::kAdoptRules:
      return Say("rules {} judge the records after this one", action.adopt_rules().version());
    case v1::Action::kEndItem:
      return Say("{} {} ends: {}", RegisterWord(action.end_item().register_()), action.end_item().id(),
                 action.amends().reason());
    case v1::Action::kAcknowledge: {
      const v1::Acknowledge& said = action.acknowledge();
      Shown words =
          Say("payment {}: {} says {}", model::RefText(said.transfer()), said.by(),
              absl::StrReplaceAll(absl::AsciiStrToLower(v1::Acknowledge::Result_Name(said.result())),
                                  {{"_", " "}}));
      if (!said.sample().empty()) words += Say(", for sample {}", said.sample());
      return said.note().empty() ? words : words + Say(": {}", said.note());
    }
    case v1::Action::kTransfer:
    case v1::Action::ACTION_NOT_SET:
      return "";
    default:
      return ItemWords(action);
  }
}

Shown ProjectWords(const v1::Transfer& transfer) {
  Shown words;
  if (!transfer.project().empty()) words += Say(", project {}", transfer.project());
  if (!transfer.to_project().empty()) words += Say(", to project {}", transfer.to_project());
  if (transfer.to_general()) words += ", to general money";
  if (!transfer.project_words().empty()) words += Say(", project in words: {}", transfer.project_words());
  return words;
}

Shown Text(const v1::ShowAnswer& answer, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Say("Record {}", answer.index())) + "\n";
  text += Say("  recorded   {}\n", ToString(Timestamp(answer.recorded_micros())));
  text += Say("  author     {}, {}\n", answer.entry().author(), answer.entry().date());
  text += Say("  entry id   {}\n", HexEncode(answer.entry().id()));
  if (!answer.entry().memo().empty()) text += Say("  memo       {}\n", answer.entry().memo());
  if (answer.entry().has_source()) {
    text += Say("  from file  {}, rows {} to {}\n", answer.entry().source().name(),
                answer.entry().source().first_row(), answer.entry().source().last_row());
  }
  text +=
      Say("  leaf hash  {}\n  previous   {}\n", HexEncode(answer.leaf_hash()), HexEncode(answer.previous()));
  for (const auto& signer : answer.signers()) text += Say("  signed by  {}\n", HexEncode(signer));
  for (const auto& action : answer.entry().actions()) {
    const Shown words = ActionText(action);
    if (!words.empty()) text += Say("  {}\n", words);
  }
  for (const auto& line : answer.transfers()) {
    const auto& transfer = line.transfer();
    text +=
        Say("\n  {}  {} {}  {} → {}\n", model::RefText(line.ref()), Money(transfer.amount(), line.decimals()),
            transfer.asset(), line.from_name(), line.to_name());
    text += Say("      {}{}, {}, fund {}", OwnWord(Kind(transfer.kind())), NotPaid(transfer.stage()),
                line.date(), transfer.fund());
    if (!transfer.to_fund().empty()) text += Say(" to fund {}", transfer.to_fund());
    text += ProjectWords(transfer);
    if (!transfer.place().empty()) text += Say(", for place {}", transfer.place());
    if (!transfer.need().empty()) text += Say(", for need {}", transfer.need());
    if (!transfer.pledge().empty()) text += Say(", keeps pledge {}", transfer.pledge());
    if (!transfer.assignment().empty()) text += Say(", by assignment {}", transfer.assignment());
    if (!transfer.commitment().empty()) text += Say(", out of commitment {}", transfer.commitment());
    text += "\n";
    if (line.has_arrival())
      text += Say("      arrival: {}, record {}\n", ArrivalWords(line), line.arrival().record());
    if (!transfer.purpose().empty()) text += Say("      {}\n", transfer.purpose());
    if (!transfer.reference().empty()) text += Say("      reference {}\n", transfer.reference());
    if (!transfer.draws().empty()) text += Say("      draws on {}\n", Refs(transfer.draws()));
    const Shown back = BackWords(line);
    if (!back.empty()) text += Say("      {}\n", back);
    text += Say("      positions {} became {} on\n", Pieces(line.outcome()), line.outcome().to_position());
  }
  return text;
}

Shown Text(const v1::ListAnswer& answer, const Style& style, bool continued) {
  Shown text =
      answer.transfers().empty() ? Shown("No transfers.\n") : TransferTable(answer.transfers()).Text(style);
  if (answer.has_as_of_record()) text = Say("As of record {}:\n", answer.as_of_record()) + text;
  return text + CountThen({"transfer", "transfers"}, answer.transfers_size(), answer, continued) +
         FacetText(answer.facets(), style) + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

namespace {

// Of several accounts in one asset, what they come to.
Shown SumsText(const v1::BalanceAnswer& answer, const Style& style) {
  struct Sums {
    int lines = 0;
    std::uint32_t decimals = 0;
    Wide received = 0, drawn = 0, held = 0;
  };
  std::map<std::string, Sums> sums;
  for (const auto& line : answer.lines()) {
    Sums& of = sums[line.account().asset()];
    ++of.lines;
    of.decimals = line.account().decimals();
    of.received += line.received();
    of.drawn += line.drawn();
    of.held += line.held();
  }
  Shown text;
  for (const auto& [asset, of] : sums) {
    if (of.lines < 2 || std::max({of.received, of.drawn, of.held}) > kMaxInt64) continue;
    const auto money = [decimals = of.decimals](Wide amount) {
      return Money(static_cast<std::int64_t>(amount), decimals);
    };
    text += Toned(style, Tone::kBold,
                  Say("Together: {} {} received - {} paid out = {} held", money(of.received), asset,
                      money(of.drawn), money(of.held))) +
            "\n";
  }
  return text;
}

}  // namespace

Shown Text(const v1::BalanceAnswer& answer, const Style& style) {
  if (answer.lines().empty())
    return "No money.\n" + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
  const std::string& name = answer.lines(0).account().party_name();
  Shown text = Toned(style, Tone::kBold, Safe(name)) +
               (answer.as_of_date().empty() ? Shown() : Say(", as of {}", answer.as_of_date())) +
               (answer.has_as_of_record() ? Say(", as of record {}", answer.as_of_record()) : Shown()) + "\n";
  // What this party pays out as a SOURCE is said to come from it only if it is one that somebody named.
  const bool unrecorded =
      std::any_of(answer.lines().begin(), answer.lines().end(), [](const v1::BalanceLine& line) {
        return line.minted() != 0 && model::IsUnrecordedOrigin(line.account().party());
      });
  const bool projects =
      std::any_of(answer.lines().begin(), answer.lines().end(),
                  [](const v1::BalanceLine& line) { return !line.account().project().empty(); });
  Column asset{"asset"};
  asset.folds = true;
  std::vector<Column> columns = {
      {"fund"},           asset,          {"received", true},
      {"paid out", true}, {"held", true}, {unrecorded ? "of unrecorded origin" : "of it brought in", true}};
  if (projects) columns.insert(columns.begin() + 1, {"project"});
  Table table(columns);
  Shown committed;
  for (const auto& line : answer.lines()) {
    const auto money = [&](std::int64_t amount) { return Money(amount, line.account().decimals()); };
    std::vector<Cell> cells = {line.account().fund(),  line.account().asset(),
                               money(line.received()), money(line.drawn()),
                               money(line.held()),     line.minted() == 0 ? "" : money(line.minted())};
    if (projects) cells.insert(cells.begin() + 1, line.account().project());
    table.Add(std::move(cells));
    if (line.frozen() != 0) {
      committed += Say("Frozen by a verdict in {}: {} {} of what is held, which can only be sent back",
                       FundOf(line.account()), money(line.frozen()), line.account().asset());
      committed += line.frozen_kept() == 0 ? Shown(".\n")
                                           : Say("; commitments keep {} of it.\n", money(line.frozen_kept()));
    }
    if (line.between() != 0) {
      committed += Say("Between joined parties in {}: {} {} of what was received.\n", FundOf(line.account()),
                       money(line.between()), line.account().asset());
    }
    if (line.kept() != 0 && !line.has_spendable()) {
      committed += Say("Kept by commitments in {}: {} {} of what is held.\n", FundOf(line.account()),
                       money(line.kept()), line.account().asset());
    } else if (line.kept() != 0) {
      committed +=
          Say("Kept by commitments in {}: {} {} of what is held; spendable: {}.\n", FundOf(line.account()),
              money(line.kept()), line.account().asset(), money(line.spendable()));
    }
    if (line.undone_received() != 0 || line.undone_drawn() != 0) {
      committed +=
          Say("Undone in {}: {} {} of what was received, {} of what was paid out.\n", FundOf(line.account()),
              money(line.undone_received()), line.account().asset(), money(line.undone_drawn()));
      // A reversal stands on both sides, and so does what it undid. By value dates one may be there without the other.
      const Wide undone = Wide{line.undone_received()} + line.undone_drawn();
      if (line.received() >= undone && line.drawn() >= undone) {
        committed += Say("  Without the reversals and what they undid: {} received, {} paid out.\n",
                         money(static_cast<std::int64_t>(line.received() - undone)),
                         money(static_cast<std::int64_t>(line.drawn() - undone)));
      }
    }
    if (line.committed_received() == 0 && line.committed_drawn() == 0 && line.committed_held() == 0) continue;
    committed += Say("Committed, not paid, in {}: {} {} of what was received, {} of what went out",
                     FundOf(line.account()), money(line.committed_received()), line.account().asset(),
                     money(line.committed_drawn()));
    committed += line.has_committed_held() ? Say(", {} of what is held.\n", money(line.committed_held()))
                                           : Shown(".\n");
  }
  return text + table.Text(style) + SumsText(answer, style) + committed + JoinedText(answer.joined()) +
         AsOf(answer.as_of(), style);
}

std::string ListCsvHeader() {
  return CsvTitles({"ref",        "date",          "recorded",  "author",   "from",    "from_name",
                    "to",         "to_name",       "fund",      "to_fund",  "project", "to_project",
                    "to_general", "project_words", "place",     "need",     "asset",   "amount",
                    "kind",       "purpose",       "reference", "draws",    "returns", "to_position",
                    "pieces",     "stage",         "undone",    "returned", "back_by"});
}

std::string ListCsvLine(const v1::TransferLine& line, const v1::CheckpointRef& as_of, sheets::Cells cells) {
  const auto& transfer = line.transfer();
  return CsvRow({model::RefText(line.ref()),
                 line.date(),
                 ToString(Timestamp(line.recorded_micros())),
                 line.author(),
                 transfer.from(),
                 line.from_name(),
                 transfer.to(),
                 line.to_name(),
                 transfer.fund(),
                 transfer.to_fund(),
                 transfer.project(),
                 transfer.to_project(),
                 transfer.to_general() ? "yes" : "",
                 transfer.project_words(),
                 transfer.place(),
                 transfer.need(),
                 transfer.asset(),
                 PlainMoney(transfer.amount(), line.decimals()),
                 Kind(transfer.kind()),
                 transfer.purpose(),
                 transfer.reference(),
                 Refs(transfer.draws()),
                 transfer.has_returns() ? model::RefText(transfer.returns()) : "",
                 std::to_string(line.outcome().to_position()),
                 Pieces(line.outcome()),
                 StageWord(transfer.stage()),
                 BackMoney(line.sent_back().undone(), line.decimals()),
                 BackMoney(line.sent_back().returned(), line.decimals()),
                 BackRefs(line.sent_back())},
                as_of, cells);
}

std::string BalanceCsv(const v1::BalanceAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"party", "fund", "asset", "received", "drawn", "held", "minted",
                                "committed_received", "committed_drawn", "committed_held", "project",
                                "frozen", "kept", "spendable", "undone_received", "undone_drawn"});
  for (const auto& line : answer.lines()) {
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, line.account().decimals()); };
    const auto part = [&](std::int64_t amount) { return line.has_spendable() ? money(amount) : ""; };
    text += CsvRow(
        {line.account().party(), line.account().fund(), line.account().asset(), money(line.received()),
         money(line.drawn()), money(line.held()), money(line.minted()), money(line.committed_received()),
         money(line.committed_drawn()), line.has_committed_held() ? money(line.committed_held()) : "",
         line.account().project(), part(line.frozen()), part(line.kept()), part(line.spendable()),
         money(line.undone_received()), money(line.undone_drawn())},
        answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
