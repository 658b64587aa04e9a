// See row_decoder.h.
#include "ledger/sheets/row_decoder.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/party_id.h"
#include "ledger/sheets/row_amount.h"

namespace fundtrail::sheets {
namespace {

constexpr std::uint8_t kFromDefaults = 1;
constexpr std::uint8_t kFromRule = 2;
constexpr std::uint8_t kFromCell = 3;
constexpr std::uint8_t kFromOverride = 4;
constexpr std::size_t kMaxRowIdText = 100;

// By its exact title, else by a title that differs in capitals alone.
StatusOr<std::size_t> FindColumn(const std::string& name, const std::vector<std::string>& header) {
  const std::string wanted = SingleLine(name);
  for (const bool exact : {true, false}) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string title = SingleLine(header[i]);
      if (exact ? title != wanted : !absl::EqualsIgnoreCase(title, wanted)) continue;
      if (found.has_value()) {
        return absl::InvalidArgumentError(absl::StrCat("the header names the column \"", Escaped(name),
                                                       "\" twice; give them different names"));
      }
      found = i;
    }
    if (found.has_value()) return *found;
  }
  const std::string list = absl::StrJoin(header, ", ", [](std::string* out, const std::string& column) {
    out->append(Escaped(ClipToWidth(SingleLine(column), 40)));
  });
  return absl::NotFoundError(
      absl::StrCat("there is no column \"", Escaped(name), "\"; the header has: ", ClipToWidth(list, 1000)));
}

// The front of a text, and "…". What is cut off may have been the reason for a joiner: SingleLine looks again.
std::string Cut(std::string text) {
  static constexpr std::string_view kEllipsis = "…";
  std::size_t end = kMaxRowText - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return SingleLine(text.append(kEllipsis));
}

bool HoldsForCell(const Condition& condition, const std::string& cell) {
  if (condition.empty && cell.empty()) return true;
  if (std::find(condition.values.begin(), condition.values.end(), cell) != condition.values.end())
    return true;
  return std::any_of(condition.contains.begin(), condition.contains.end(),
                     [&](const std::string& part) { return cell.find(part) != std::string::npos; });
}

}  // namespace

StatusOr<RowDecoder::Test> RowDecoder::Bind(const Condition& condition,
                                            const std::vector<std::string>& header) const {
  Test test{&condition, 0};
  if (!condition.amount_zero) {
    FT_ASSIGN_OR_RETURN(test.column, FindColumn(condition.column, header));
  }
  return test;
}

StatusOr<RowDecoder> RowDecoder::Make(const ImportMap* map, const std::vector<std::string>& header) {
  RowDecoder decoder(map);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    for (const std::string& name : map->columns[i]) {
      const StatusOr<std::size_t> column = FindColumn(name, header);
      const auto field = static_cast<Field>(i);
      const bool needed = map->constants[i].empty() && (field == Field::kDate || field == Field::kFrom ||
                                                        field == Field::kTo || field == Field::kAmount);
      const bool absent = absl::IsNotFound(column.status());
      if (absent && map->columns_optional && !needed) continue;
      if (absent && map->columns_optional) {
        return absl::NotFoundError(absl::StrCat(
            column.status().message(), "; a map says which column it is: --suggest writes a first one"));
      }
      if (!column.ok()) return column.status();
      const std::int64_t counts = field == Field::kAmount ? FactorNamed(header[*column]) : 1;
      if (counts != 1 && !map->factor_stated) {
        return absl::InvalidArgumentError(
            absl::StrCat("the column \"", Escaped(ClipToWidth(SingleLine(header[*column]), 40)),
                         "\" seems to count in units of ", counts, "; say factor = ", counts,
                         " in the map if it does, and factor = 1 if not"));
      }
      decoder.columns_[i].push_back(*column);
    }
  }
  if (!map->row_id.empty()) {
    FT_ASSIGN_OR_RETURN(decoder.row_id_, FindColumn(map->row_id, header));
  }
  const auto bind_all = [&](const std::vector<Condition>& conditions, std::vector<Test>* tests) {
    for (const Condition& condition : conditions) {
      FT_ASSIGN_OR_RETURN(Test test, decoder.Bind(condition, header));
      tests->push_back(test);
    }
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(bind_all(map->skip, &decoder.skip_));
  FT_RETURN_IF_ERROR(bind_all(map->only, &decoder.only_));
  FT_RETURN_IF_ERROR(bind_all(map->swap, &decoder.swap_));
  FT_RETURN_IF_ERROR(bind_all(map->in_project, &decoder.in_project_));
  std::map<std::size_t, std::string> used;
  for (const auto& columns : decoder.columns_)
    for (const std::size_t column : columns) used.emplace(column, SingleLine(header[column]));
  if (decoder.row_id_.has_value()) used.emplace(*decoder.row_id_, SingleLine(header[*decoder.row_id_]));
  decoder.used_.assign(used.begin(), used.end());
  for (const PartyRule& rule : map->party_rules) {
    PartyTest test{&rule, {}};
    if (rule.when.has_value()) {
      FT_ASSIGN_OR_RETURN(test.when, decoder.Bind(*rule.when, header));
    }
    decoder.party_tests_.push_back(test);
  }
  return decoder;
}

bool RowDecoder::Holds(const Test& test, const Fields& fields) const {
  if (!test.condition->amount_zero) return HoldsForCell(*test.condition, SingleLine(fields[test.column]));
  return IsZeroAmount(*map_, Cell(Field::kAmount, fields));
}

std::optional<std::size_t> RowDecoder::SkippedBy(const Fields& fields) const {
  const auto holds = [&](const Test& test) { return Holds(test, fields); };
  if (!only_.empty() && std::none_of(only_.begin(), only_.end(), holds)) return skip_.size();
  const auto rule = std::find_if(skip_.begin(), skip_.end(), holds);
  if (rule == skip_.end()) return std::nullopt;
  return static_cast<std::size_t>(rule - skip_.begin());
}

std::string RowDecoder::Cell(Field field, const Fields& fields) const {
  const auto i = static_cast<std::size_t>(field);
  std::string text;
  for (const std::size_t column : columns_[i]) {
    const std::string part = SingleLine(fields[column]);
    if (part.empty()) continue;
    if (!text.empty()) text += map_->join;
    text += part;
  }
  const auto replaced = map_->replace[i].find(text);
  if (replaced != map_->replace[i].end()) text = replaced->second;
  return text.empty() ? map_->constants[i] : text;
}

StatusOr<Date> RowDecoder::ReadDate(const Fields& fields, Row* row) const {
  const std::string cell = Cell(Field::kDate, fields);
  if (cell.empty())
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(*map_, Field::kDate), " is empty"));
  Status first;
  std::optional<Date> day;
  for (const std::string& format : map_->date_formats) {
    const StatusOr<Date> date = format == kClearDates ? ParseClearDate(cell) : ParseDateWith(cell, format);
    if (date.ok() && day.has_value() && *date != *day) row->changes.insert(Change::kDay);
    if (date.ok() && !day.has_value()) day = *date;
    if (first.ok()) first = date.status();
  }
  if (day.has_value()) return *day;
  if (map_->date_formats.size() > 1) {
    first = absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(cell, 40)),
                                                    "\" is a date in none of ",
                                                    absl::StrJoin(map_->date_formats, ", ")));
  }
  return Annotate(first, WhereOf(*map_, Field::kDate));
}

// Other things than text tell of a file that is broken or in another encoding; what nobody sees is taken out and told.
Status RowDecoder::CheckCells(const Fields& fields, Row* row) const {
  for (const auto& [column, name] : used_) {
    const StatusOr<std::size_t> hidden = CountHidden(fields[column]);
    if (!hidden.ok()) return Annotate(hidden.status(), absl::StrCat("column ", Escaped(name)));
    if (*hidden > 0) row->changes.insert(Change::kHidden);
  }
  return absl::OkStatus();
}

// A text that nothing is looked up by.
std::string RowDecoder::Described(Field field, const Fields& fields, Row* row) const {
  std::string text = Cell(field, fields);
  if (text.size() <= kMaxRowText) return text;
  row->changes.insert(Change::kCut);
  return Cut(std::move(text));
}

bool RowDecoder::IsId(const std::string& text) const { return map_->cells_may_be_ids && IsValidId(text); }

std::string RowDecoder::IdOf(const std::string& text) const {
  if (IsId(text)) return text;
  return map_->readable_ids ? ReadableId(text) : StableId(text);
}

PartyIds::Made RowDecoder::MakeIds(const std::string& text, bool for_index) const {
  PartyIds::Made made;
  made.from_name = !IsId(text);
  // Two names that make one id are two parties until the importer decides; an id that was given is one.
  made.key = KeyOf(made.from_name ? absl::StrCat("\n", text) : text);
  if (for_index) return made;
  made.id = IdOf(text);
  made.may_be_anothers = made.from_name && map_->readable_ids && made.id != StableId(text);
  return made;
}

PartyIds::Made RowDecoder::IdsOf(const std::string& text, PartyIds* known) const {
  if (known == nullptr) return MakeIds(text, true);
  const auto found = known->made_.find(text);
  if (found != known->made_.end()) return found->second;
  if (known->made_.size() >= PartyIds::kMost) known->made_.clear();
  return known->made_.emplace(text, MakeIds(text, false)).first->second;
}

StatusOr<RowDecoder::Side> RowDecoder::ReadParty(bool payer, bool swapped, const Fields& fields,
                                                 PartyIds* known) const {
  const bool first = payer != swapped;  // whether it stands in the columns of `from`
  const Field field = first ? Field::kFrom : Field::kTo;
  Side side;
  const std::string cell = Cell(field, fields);
  if (cell.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        WhereOf(*map_, field), " is empty: the row does not say who ", payer ? "paid" : "was paid"));
  }
  if (cell.size() > kMaxNameText) return TooLong(WhereOf(*map_, field), cell.size(), kMaxNameText);
  PartyIds::Made ids = IdsOf(cell, known);
  side.party.id = std::move(ids.id);
  side.party.id_from_name = ids.from_name;
  side.party.id_may_be_anothers = ids.may_be_anothers;
  side.word.party = ids.key;
  side.party.name = Cell(first ? Field::kFromName : Field::kToName, fields);
  if (side.party.name.empty()) side.party.name = cell;
  const std::string role_cell = Cell(first ? Field::kFromRole : Field::kToRole, fields);
  const std::optional<PartyRole> role = ParsePartyRole(role_cell);
  if (!role.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(*map_, first ? Field::kFromRole : Field::kToRole),
                                                   ": \"", Escaped(ClipToWidth(role_cell, 40)),
                                                   "\" is not SOURCE, HOLDER, RECIPIENT or auto"));
  }
  const auto say = [&](PartyRole what, std::uint8_t strength) {
    if (strength <= side.word.strength) return;
    side.word.role = what;
    side.word.strength = strength;
  };
  const auto override_of = map_->parties.find(cell);
  if (override_of != map_->parties.end()) {
    const PartyOverride& own = override_of->second;
    if (!own.id.empty()) {
      side.party.id = own.id;
      side.party.id_from_name = false;
      side.party.id_may_be_anothers = false;
      side.word.party = KeyOf(own.id);
    }
    if (!own.name.empty()) side.party.name = own.name;
    side.party.parent = own.parent;
    if (own.role.has_value()) say(*own.role, kFromOverride);
  }
  if (!role_cell.empty()) say(*role, kFromCell);
  for (const PartyTest& test : party_tests_) {
    if (!(payer ? test.rule->from : test.rule->to)) continue;
    if (test.rule->when.has_value() && !Holds(test.when, fields)) continue;
    say(test.rule->role, kFromRule);
    if (side.party.parent.empty()) side.party.parent = test.rule->parent;
  }
  const PartyRole usual = payer ? map_->from_role : map_->to_role;
  if (usual != PartyRole::kAuto) say(usual, kFromDefaults);
  if (side.party.parent.empty()) side.party.parent = map_->parent;
  if (side.party.name.size() > kMaxNameText)
    return TooLong("a party's name", side.party.name.size(), kMaxNameText);
  return side;
}

Status RowDecoder::ReadDraws(const Fields& fields, Row* row) const {
  if (row_id_.has_value()) row->row_id = SingleLine(fields[*row_id_]);
  if (row->row_id.size() > kMaxRowIdText) return TooLong("the row's id", row->row_id.size(), kMaxRowIdText);
  const std::string cell = Cell(Field::kDraws, fields);
  std::set<std::string> named;
  for (std::size_t at = 0; at < cell.size();) {
    const std::size_t end = std::min(cell.find_first_of("; ", at), cell.size());
    // A row that is named twice is one row: what it brought is there once.
    const std::string id = cell.substr(at, end - at);
    if (!id.empty() && named.insert(id).second) row->draws.push_back(id);
    at = end + 1;
  }
  if (row->draws.size() > kMaxDraws) {
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(*map_, Field::kDraws), " names ",
                                                   row->draws.size(), " rows; at most ", kMaxDraws,
                                                   " can be drawn"));
  }
  return absl::OkStatus();
}

Status RowDecoder::ReadStage(const Fields& fields, Row* row) const {
  const std::string cell = Cell(Field::kStage, fields);
  row->committed = absl::EqualsIgnoreCase(cell, "committed");
  if (row->committed || cell.empty() || absl::EqualsIgnoreCase(cell, "paid")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(WhereOf(*map_, Field::kStage), ": \"", Escaped(ClipToWidth(cell, 40)),
                   "\" is neither paid nor committed; say what it means under [replace.stage] in the map"));
}

StatusOr<std::string> RowDecoder::ReadProject(const Fields& fields) const {
  const auto holds = [&](const Test& test) { return Holds(test, fields); };
  if (!in_project_.empty() && std::none_of(in_project_.begin(), in_project_.end(), holds))
    return std::string();
  std::string cell = Cell(Field::kProject, fields);
  if (cell.size() > kMaxNameText) return TooLong(WhereOf(*map_, Field::kProject), cell.size(), kMaxNameText);
  return cell;
}

StatusOr<DecodedRow> RowDecoder::Decode(std::uint64_t line, const Fields& fields, PartyIds* known) const {
  DecodedRow decoded;
  Row& row = decoded.row;
  row.line = line;
  FT_RETURN_IF_ERROR(CheckCells(fields, &row));
  FT_ASSIGN_OR_RETURN(row.date, ReadDate(fields, &row));
  const bool swapped =
      std::any_of(swap_.begin(), swap_.end(), [&](const Test& test) { return Holds(test, fields); });
  FT_ASSIGN_OR_RETURN(Side from, ReadParty(true, swapped, fields, known));
  FT_ASSIGN_OR_RETURN(Side to, ReadParty(false, swapped, fields, known));
  row.from = std::move(from.party);
  row.to = std::move(to.party);
  decoded.from = from.word;
  decoded.to = to.word;
  FT_RETURN_IF_ERROR(ReadAmount(*map_, Cell(Field::kAmount, fields), Cell(Field::kAsset, fields), &row));
  row.fund_name = Cell(Field::kFund, fields);
  if (row.fund_name.size() > kMaxNameText)
    return TooLong(WhereOf(*map_, Field::kFund), row.fund_name.size(), kMaxNameText);
  if (!row.fund_name.empty() && known != nullptr) row.fund = IdsOf(row.fund_name, known).id;
  FT_ASSIGN_OR_RETURN(row.project, ReadProject(fields));
  row.from_project = Cell(Field::kFromProject, fields);
  if (row.from_project.size() > kMaxNameText)
    return TooLong(WhereOf(*map_, Field::kFromProject), row.from_project.size(), kMaxNameText);
  if (known != nullptr) {
    row.project_words = Described(Field::kProjectWords, fields, &row);
    row.kind = Described(Field::kKind, fields, &row);
    row.purpose = Described(Field::kPurpose, fields, &row);
    row.reference = Described(Field::kReference, fields, &row);
    row.place = Described(Field::kPlace, fields, &row);
  }
  for (const auto& [field, id] :
       {std::pair(Field::kNeed, &row.need), std::pair(Field::kPledge, &row.pledge),
        std::pair(Field::kAssignment, &row.assignment), std::pair(Field::kCommitment, &row.commitment)}) {
    *id = Cell(field, fields);
    if (id->size() > kMaxNameText) return TooLong(WhereOf(*map_, field), id->size(), kMaxNameText);
  }
  if (row.place.find(';') != std::string::npos) {
    row.place.clear();
    row.changes.insert(Change::kPlaces);
  }
  FT_RETURN_IF_ERROR(ReadStage(fields, &row));
  FT_RETURN_IF_ERROR(ReadDraws(fields, &row));
  return decoded;
}

}  // namespace fundtrail::sheets
