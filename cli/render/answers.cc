// See answers.h.
#include "cli/render/answers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/arrivals.h"
#include "cli/render/back.h"
#include "cli/render/csv.h"
#include "cli/render/csv_rows.h"
#include "cli/render/endings.h"
#include "cli/render/item_names.h"
#include "cli/render/registers.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

std::string Kind(v1::TransferKind kind) { return absl::AsciiStrToLower(model::WordOf(kind)); }
// Behind a kind: nothing when it was paid.
Shown NotPaid(v1::Stage stage) {
  return stage == v1::STAGE_PAID ? Shown() : Say(", {}", OwnWord(StageWord(stage)));
}

std::string Refs(const google::protobuf::RepeatedPtrField<v1::TransferRef>& refs) {
  return absl::StrJoin(
      refs, " ", [](std::string* out, const v1::TransferRef& ref) { out->append(model::RefText(ref)); });
}

std::string Pieces(const v1::TransferOutcome& outcome) {
  return absl::StrJoin(outcome.pieces(), " ", [](std::string* out, const v1::Piece& piece) {
    absl::StrAppend(out, piece.from(), "+", piece.length());
  });
}

// In a table: "lunches", "to lunches", "lunches to general money".
Shown ProjectCell(const v1::Transfer& transfer) {
  const Shown to = transfer.to_general() ? Shown("general money") : Safe(transfer.to_project());
  if (to.empty()) return Safe(transfer.project());
  return transfer.project().empty() ? Say("to {}", to) : Say("{} to {}", transfer.project(), to);
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
    return line.transfer().stage() != v1::STAGE_PAID;
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

// What the transfers of a project come to.
Shown ListSumsText(const google::protobuf::RepeatedPtrField<v1::LogMoney>& sums, const Style& style) {
  Shown text;
  bool several = false;  // of one asset
  for (const v1::LogMoney& money : sums) {
    Shown parts;
    std::uint64_t transfers = 0;
    for (const auto& [sum, what] :
         {std::pair(&money.paid(), "paid"), std::pair(&money.moved(), "moved"),
          std::pair(&money.sent_back(), "sent back"), std::pair(&money.committed(), "committed, not paid"),
          std::pair(&money.withdrawn(), "taken back")}) {
      transfers += sum->transfers();
      if (sum->transfers() == 0) continue;
      parts += (parts.empty() ? Shown() : Shown(", ")) +
               Say("{} {}", Money(sum->amount(), money.decimals()), what);
    }
    const Shown line = transfers == 1
                           ? Say("In all, 1 transfer in {}: {}", money.asset(), parts)
                           : Say("In all, {} transfers in {}: {}", Number(transfers), money.asset(), parts);
    text += Toned(style, Tone::kBold, line) + "\n";
    several = several || transfers > 1;
  }
  if (!several) return text;
  return text + Toned(style, Tone::kDim,
                      "Money that several of these transfers moved, one after another, counts in each.\n");
}

// "1,200.00 USD, 30.00 CNY": what the transfers of a value paid, without what was moved, sent back or is only committed.
Shown PaidOf(const v1::FacetValue& value) {
  Shown paid;
  for (const v1::LogMoney& money : value.sums())
    if (money.paid().transfers() > 0)
      paid += (paid.empty() ? Shown() : Shown(", ")) +
              Say("{} {}", Money(money.paid().amount(), money.decimals()), money.asset());
  return paid;
}

// How many transfers have which values: nothing where it was not asked for.
Shown FacetText(const v1::ListFacets& facets, const Style& style) {
  if (facets.facets().empty()) return {};
  Table table({{"by"}, {"value", false, true}, {"name"}, {"transfers", true}, {"paid", true}});
  Shown more;
  for (const v1::Facet& facet : facets.facets()) {
    const std::string by = v1::Facet::Of_IsValid(facet.of())
                               ? absl::AsciiStrToLower(model::WordOf(facet.of()))
                               : std::string("?");
    for (const v1::FacetValue& value : facet.values()) {
      const bool kind = facet.of() == v1::Facet::OF_KIND;
      table.Add({OwnWord(by), kind ? OwnWord(absl::AsciiStrToLower(value.value())) : Safe(value.value()),
                 value.name(), Number(value.transfers()), PaidOf(value)});
    }
    if (facet.more() > 0)
      more += (more.empty() ? Shown() : Shown(", ")) + Say("{} by {}", Number(facet.more()), OwnWord(by));
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
      Shown words = Say(
          "payment {}: {} says {}", model::RefText(said.transfer()), said.by(),
          OwnWord(absl::StrReplaceAll(absl::AsciiStrToLower(model::WordOf(said.result())), {{"_", " "}})));
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
  // What people look for stands first: a record may register hundreds of parties before it pays.
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
  }
  const Shown names = NamesText(answer.names(), style);
  if (!names.empty()) text += "\n" + names;
  if (!answer.transfers().empty()) text += "\n";
  text += Say("  recorded   {}\n", ToString(Timestamp(answer.recorded_micros())));
  text += Say("  author     {}, {}\n", answer.entry().author(), answer.entry().date());
  text += Say("  entry id   {}\n", HexEncode(answer.entry().id()));
  if (!answer.entry().memo().empty()) text += Say("  memo       {}\n", answer.entry().memo());
  if (answer.entry().has_source()) {
    const v1::ImportSource& source = answer.entry().source();
    text +=
        source.first_row() == source.last_row()
            ? Say("  from file  {}, row {}\n", source.name(), source.first_row())
            : Say("  from file  {}, rows {} to {}\n", source.name(), source.first_row(), source.last_row());
  }
  text +=
      Say("  leaf hash  {}\n  previous   {}\n", HexEncode(answer.leaf_hash()), HexEncode(answer.previous()));
  for (const auto& signer : answer.signers()) text += Say("  signed by  {}\n", HexEncode(signer));
  for (const auto& action : answer.entry().actions()) {
    const Shown words = ActionText(action);
    if (!words.empty()) text += Say("  {}\n", words);
  }
  return text;
}

Shown Text(const v1::ListAnswer& answer, const Style& style, bool continued) {
  // The table has no places: their ids are in --csv and --json.
  NameTable names;
  for (const v1::ItemName& each : answer.names())
    if (each.register_() != "place") *names.Add() = each;
  Shown text =
      answer.transfers().empty() ? Shown("No transfers.\n") : TransferTable(answer.transfers()).Text(style);
  if (answer.has_as_of_record()) text = Say("As of record {}:\n", answer.as_of_record()) + text;
  return text + CountThen({"transfer", "transfers"}, answer.transfers_size(), answer, continued) +
         ListSumsText(answer.sums(), style) + FacetText(answer.facets(), style) + NamesText(names, style) +
         JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string ListCsvHeader() {
  return CsvTitles({"ref",          "date",         "recorded",        "author",        "from",
                    "from_name",    "to",           "to_name",         "fund",          "to_fund",
                    "project",      "to_project",   "to_general",      "project_words", "place",
                    "need",         "asset",        "amount",          "kind",          "purpose",
                    "reference",    "draws",        "returns",         "to_position",   "pieces",
                    "stage",        "undone",       "returned",        "back_by",       "fund_name",
                    "to_fund_name", "project_name", "to_project_name", "place_name"});
}

std::string ListCsvLines(const v1::ListAnswer& page, const ItemNames& names, sheets::Cells how) {
  const CsvRows rows(page.as_of(), how);
  std::string text, recorded;
  std::int64_t micros = 0;
  for (const v1::TransferLine& line : page.transfers()) {
    const v1::Transfer& transfer = line.transfer();
    // Many lines stand in one record.
    if (line.recorded_micros() != micros || recorded.empty()) {
      micros = line.recorded_micros();
      recorded = ToString(Timestamp(micros));
    }
    const std::string ref = model::RefText(line.ref()),
                      amount = PlainMoney(transfer.amount(), line.decimals()), kind = Kind(transfer.kind()),
                      draws = Refs(transfer.draws()),
                      returns = transfer.has_returns() ? model::RefText(transfer.returns()) : "",
                      to_position = std::to_string(line.outcome().to_position()),
                      pieces = Pieces(line.outcome()), stage = StageWord(transfer.stage()),
                      undone = BackMoney(line.sent_back().undone(), line.decimals()),
                      returned = BackMoney(line.sent_back().returned(), line.decimals()),
                      back = BackRefs(line.sent_back());
    std::string_view cells[] = {ref,
                                line.date(),
                                recorded,
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
                                amount,
                                kind,
                                transfer.purpose(),
                                transfer.reference(),
                                draws,
                                returns,
                                to_position,
                                pieces,
                                stage,
                                undone,
                                returned,
                                back,
                                names.Fund(transfer.fund()),
                                names.Fund(transfer.to_fund()),
                                names.Project(transfer.project()),
                                names.Project(transfer.to_project()),
                                names.Of("place", transfer.place()),
                                {},
                                {},
                                {}};
    rows.Append(cells, &text);
  }
  return text;
}

}  // namespace fundtrail::render
