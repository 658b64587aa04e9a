// See row_decoder.h.
#include "ledger/sheets/row_decoder.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::sheets {
namespace {

constexpr std::uint8_t kFromDefaults = 1;
constexpr std::uint8_t kFromRule = 2;
constexpr std::uint8_t kFromCell = 3;
constexpr std::uint8_t kFromOverride = 4;
constexpr std::size_t kMaxAssetText = 64;
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

Status TooLong(std::string_view what, std::size_t size, std::size_t max) {
  return absl::InvalidArgumentError(
      absl::StrCat(Abseil(what), " has ", size, " bytes; at most ", max, " are allowed"));
}

bool HoldsForCell(const Condition& condition, const std::string& cell) {
  if (condition.empty && cell.empty()) return true;
  if (std::find(condition.values.begin(), condition.values.end(), cell) != condition.values.end())
    return true;
  return std::any_of(condition.contains.begin(), condition.contains.end(),
                     [&](const std::string& part) { return cell.find(part) != std::string::npos; });
}

// The marks of the fraction and of thousands exchanged.
std::string WithPoint(std::string_view number) {
  static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {".", ","}, {",", "."}, {"．", ","}, {"，", "."}};
  std::string out;
  while (!number.empty()) {
    const auto* const mark = std::find_if(std::begin(kMarks), std::end(kMarks), [&](const auto& pair) {
      return number.substr(0, pair.first.size()) == pair.first;
    });
    if (mark != std::end(kMarks)) {
      out.append(mark->second);
      number.remove_prefix(mark->first.size());
    } else {
      out.push_back(number[0]);
      number.remove_prefix(1);
    }
  }
  return out;
}

// "1.250": where a point sets off thousands, a thousand and more.
bool MayBeThousands(std::string_view number) {
  const std::size_t first = number.find_first_of("0123456789");
  const std::size_t last = number.find_last_of("0123456789");
  if (first == std::string_view::npos || number[first] == '0') return false;
  const std::string_view digits = number.substr(first, last + 1 - first);
  const std::size_t point = digits.find('.');
  return point >= 1 && point <= 3 && digits.size() == point + 4 &&
         digits.find_first_not_of("0123456789", point + 1) == std::string_view::npos &&
         digits.find_first_not_of("0123456789") == point;
}

bool IsCode(std::string_view mark) {
  return mark.size() == 3 && std::all_of(mark.begin(), mark.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c));
         });
}

}  // namespace

TextKey KeyOf(std::string_view text) {
  TextKey key;
  const Hash hash = crypto::Sha256(text);
  std::copy_n(hash.bytes.begin(), key.size(), key.begin());
  return key;
}

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
  const auto money = SplitMoney(Cell(Field::kAmount, fields));
  if (!money.ok()) return false;
  const StatusOr<Amount> amount =
      ParseDecimal(map_->decimal_comma ? WithPoint(money->number) : money->number, kMaxDecimals);
  return amount.ok() && amount->is_zero();
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

std::string RowDecoder::Where(Field field) const {
  const std::vector<std::string>& columns = map_->columns_of(field);
  std::string name(NameOf(field));
  if (columns.empty() || columns.front() == name) return name;
  return absl::StrCat(name, " (column ", Escaped(absl::StrJoin(columns, ", ")), ")");
}

StatusOr<Date> RowDecoder::ReadDate(const Fields& fields, Row* row) const {
  const std::string cell = Cell(Field::kDate, fields);
  if (cell.empty()) return absl::InvalidArgumentError(absl::StrCat(Where(Field::kDate), " is empty"));
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
  return Annotate(first, Where(Field::kDate));
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

// Whether a sign or word beside the number says the same as the row's asset.
Status RowDecoder::CheckMark(const std::string& mark, const std::string& cell,
                             const std::string& asset) const {
  const auto& replace = map_->replace[static_cast<std::size_t>(Field::kAsset)];
  const auto replaced = replace.find(mark);
  if (absl::EqualsIgnoreCase(mark, asset) || (replaced != replace.end() && replaced->second == asset))
    return absl::OkStatus();
  const std::string shown = Escaped(ClipToWidth(cell, 40));
  const std::string sign = Escaped(ClipToWidth(mark, 20));
  std::vector<std::string> stands_for;
  const auto said = map_->signs.find(mark);
  if (said != map_->signs.end()) {
    stands_for = said->second;
  } else {
    for (const std::string_view code : CurrenciesOf(mark)) stands_for.emplace_back(code);
    if (stands_for.empty() && IsCode(mark)) stands_for.push_back(mark);
  }
  const auto fits = [&](const std::string& code) { return code == asset || code == "*"; };
  if (std::any_of(stands_for.begin(), stands_for.end(), fits)) return absl::OkStatus();
  if (stands_for.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", shown, "\" is not an amount: what ", sign,
                     " stands for is not known; say so under [signs] in the map"));
  }
  if (stands_for.size() > 5) {
    stands_for.resize(5);
    stands_for.emplace_back("...");
  }
  const std::string names = absl::StrJoin(stands_for, ", ");
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", shown, "\" has the sign ", sign, names == mark ? "" : absl::StrCat(" of ", names),
      ", and the row's asset is ", Escaped(asset), "; if it is right, say so under [signs] in the map"));
}

// The row's asset, when the cell of the amount may have a unit behind the number.
StatusOr<std::string> RowDecoder::ReadUnit(const MoneyText& money, const std::string& asset) const {
  if (!map_->amount_with_unit || money.behind.size() != 1) return asset;
  const std::string& unit = money.behind.front();
  const auto& replace = map_->replace[static_cast<std::size_t>(Field::kAsset)];
  const auto replaced = replace.find(unit);
  if (replaced != replace.end()) return replaced->second;
  if (CurrenciesOf(unit).empty()) return unit;
  if (!asset.empty()) return asset;
  return absl::InvalidArgumentError(
      absl::StrCat(Where(Field::kAmount), ": ", Escaped(unit),
                   " is a sign and no asset; name its asset under [replace.asset]"));
}

// What one in the cell counts: "1.5万" counts in 10,000, which is then taken off the mark. What the map says of the mark as it
// stands goes before.
StatusOr<std::int64_t> RowDecoder::TakeLargeNumber(MoneyText* money, const std::string& cell) const {
  if (money->behind.size() != 1) return map_->factor;
  std::string& mark = money->behind.front();
  const auto& replace = map_->replace[static_cast<std::size_t>(Field::kAsset)];
  const auto number = LargeNumberAt(mark);
  if (!number.has_value() || map_->signs.contains(mark) || replace.contains(mark)) return map_->factor;
  const std::string rest = mark.substr(number->word.size());
  constexpr std::int64_t kThousand = 1000;  // "5千克" counts kilograms
  if (number->factor == kThousand && CurrenciesOf(rest).empty()) return map_->factor;
  if (map_->factor != 1 && map_->factor != number->factor) {
    return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(cell, 40)),
                                                   "\" counts in units of ", number->factor,
                                                   ", and the map says factor = ", map_->factor));
  }
  const std::int64_t factor = number->factor;
  if (rest.empty()) {
    money->behind.clear();
  } else {
    mark = rest;
  }
  return factor;
}

StatusOr<Amount> RowDecoder::ReadNumber(const std::string& number, std::int64_t factor, Row* row) const {
  const auto read = [&](Rounding rounding) { return ParseScaled(number, row->decimals, factor, rounding); };
  StatusOr<Amount> amount = read(Rounding::kRefuse);
  if (!amount.ok() && map_->rounding != Rounding::kRefuse) {
    amount = read(map_->rounding);
    if (amount.ok()) row->changes.insert(Change::kRounded);
  }
  const bool clear = map_->decimal_stated || factor != 1 || row->decimals >= 3;
  if (amount.ok() && !clear && MayBeThousands(number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(ClipToWidth(number, 40)), "\" has three digits after the point, and ",
                     Escaped(row->asset), " keeps ", row->decimals,
                     ": the point may set off thousands; say decimal = \".\" or \",\" in the map"));
  }
  return amount;
}

Status RowDecoder::ReadAmount(const Fields& fields, Row* row) const {
  const std::string cell = Cell(Field::kAmount, fields);
  if (cell.empty()) return absl::InvalidArgumentError(absl::StrCat(Where(Field::kAmount), " is empty"));
  auto money = SplitMoney(cell);
  if (!money.ok()) return Annotate(money.status(), Where(Field::kAmount));
  const auto factor = TakeLargeNumber(&*money, cell);
  if (!factor.ok()) return Annotate(factor.status(), Where(Field::kAmount));
  FT_ASSIGN_OR_RETURN(row->asset, ReadUnit(*money, Cell(Field::kAsset, fields)));
  if (row->asset.empty()) return absl::InvalidArgumentError(absl::StrCat(Where(Field::kAsset), " is empty"));
  if (row->asset.size() > kMaxAssetText)
    return TooLong(Where(Field::kAsset), row->asset.size(), kMaxAssetText);
  auto decimals = map_->decimals.find(row->asset);
  if (decimals == map_->decimals.end()) decimals = map_->decimals.find("*");
  row->decimals = decimals == map_->decimals.end() ? DefaultDecimals(row->asset) : decimals->second;
  for (const auto* const marks : {&money->before, &money->behind}) {
    for (const std::string& mark : *marks) {
      const Status fits = CheckMark(mark, cell, row->asset);
      if (!fits.ok()) return Annotate(fits, Where(Field::kAmount));
    }
  }
  const StatusOr<Amount> amount =
      ReadNumber(map_->decimal_comma ? WithPoint(money->number) : money->number, *factor, row);
  if (!amount.ok()) return Annotate(amount.status(), Where(Field::kAmount));
  if (amount->is_zero()) return absl::InvalidArgumentError(absl::StrCat(Where(Field::kAmount), " is zero"));
  row->amount = *amount;
  return absl::OkStatus();
}

// A text that nothing is looked up by.
std::string RowDecoder::Described(Field field, const Fields& fields, Row* row) const {
  std::string text = Cell(field, fields);
  if (text.size() <= kMaxRowText) return text;
  row->changes.insert(Change::kCut);
  return Cut(std::move(text));
}

std::string RowDecoder::IdOf(const std::string& text, bool* from_name) const {
  *from_name = !(map_->cells_may_be_ids && IsValidId(text));
  if (!*from_name) return text;
  return map_->readable_ids ? ReadableId(text) : StableId(text);
}

StatusOr<RowDecoder::Side> RowDecoder::ReadParty(bool payer, bool swapped, const Fields& fields) const {
  const bool first = payer != swapped;  // whether it stands in the columns of `from`
  const Field field = first ? Field::kFrom : Field::kTo;
  Side side;
  const std::string cell = Cell(field, fields);
  if (cell.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Where(field), " is empty: the row does not say who ", payer ? "paid" : "was paid"));
  }
  if (cell.size() > kMaxNameText) return TooLong(Where(field), cell.size(), kMaxNameText);
  side.party.id = IdOf(cell, &side.party.id_from_name);
  side.party.id_may_be_anothers =
      side.party.id_from_name && map_->readable_ids && side.party.id != StableId(cell);
  side.party.name = Cell(first ? Field::kFromName : Field::kToName, fields);
  if (side.party.name.empty()) side.party.name = cell;
  const std::string role_cell = Cell(first ? Field::kFromRole : Field::kToRole, fields);
  const std::optional<PartyRole> role = ParsePartyRole(role_cell);
  if (!role.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(Where(first ? Field::kFromRole : Field::kToRole), ": \"",
                                                   Escaped(ClipToWidth(role_cell, 40)),
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
  // Two names that make one id are two parties until the importer decides; an id that was given is one.
  side.word.party = KeyOf(side.party.id_from_name ? absl::StrCat("\n", cell) : side.party.id);
  return side;
}

Status RowDecoder::ReadDraws(const Fields& fields, Row* row) const {
  if (row_id_.has_value()) row->row_id = SingleLine(fields[*row_id_]);
  if (row->row_id.size() > kMaxRowIdText) return TooLong("the row's id", row->row_id.size(), kMaxRowIdText);
  const std::string cell = Cell(Field::kDraws, fields);
  for (std::size_t at = 0; at < cell.size();) {
    const std::size_t end = std::min(cell.find_first_of("; ", at), cell.size());
    if (end > at) row->draws.push_back(cell.substr(at, end - at));
    at = end + 1;
  }
  if (row->draws.size() > kMaxDraws) {
    return absl::InvalidArgumentError(absl::StrCat(Where(Field::kDraws), " names ", row->draws.size(),
                                                   " rows; at most ", kMaxDraws, " can be drawn"));
  }
  return absl::OkStatus();
}

Status RowDecoder::ReadStage(const Fields& fields, Row* row) const {
  const std::string cell = Cell(Field::kStage, fields);
  row->committed = absl::EqualsIgnoreCase(cell, "committed");
  if (row->committed || cell.empty() || absl::EqualsIgnoreCase(cell, "paid")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(Where(Field::kStage), ": \"", Escaped(ClipToWidth(cell, 40)),
                   "\" is neither paid nor committed; say what it means under [replace.stage] in the map"));
}

StatusOr<std::string> RowDecoder::ReadProject(const Fields& fields) const {
  const auto holds = [&](const Test& test) { return Holds(test, fields); };
  if (!in_project_.empty() && std::none_of(in_project_.begin(), in_project_.end(), holds))
    return std::string();
  std::string cell = Cell(Field::kProject, fields);
  if (cell.size() > kMaxNameText) return TooLong(Where(Field::kProject), cell.size(), kMaxNameText);
  return cell;
}

StatusOr<DecodedRow> RowDecoder::Decode(std::uint64_t line, const Fields& fields) const {
  DecodedRow decoded;
  Row& row = decoded.row;
  row.line = line;
  FT_RETURN_IF_ERROR(CheckCells(fields, &row));
  FT_ASSIGN_OR_RETURN(row.date, ReadDate(fields, &row));
  const bool swapped =
      std::any_of(swap_.begin(), swap_.end(), [&](const Test& test) { return Holds(test, fields); });
  FT_ASSIGN_OR_RETURN(Side from, ReadParty(true, swapped, fields));
  FT_ASSIGN_OR_RETURN(Side to, ReadParty(false, swapped, fields));
  row.from = std::move(from.party);
  row.to = std::move(to.party);
  decoded.from = from.word;
  decoded.to = to.word;
  FT_RETURN_IF_ERROR(ReadAmount(fields, &row));
  row.fund_name = Cell(Field::kFund, fields);
  if (row.fund_name.size() > kMaxNameText)
    return TooLong(Where(Field::kFund), row.fund_name.size(), kMaxNameText);
  bool made = false;
  if (!row.fund_name.empty()) row.fund = IdOf(row.fund_name, &made);
  FT_ASSIGN_OR_RETURN(row.project, ReadProject(fields));
  row.from_project = Cell(Field::kFromProject, fields);
  if (row.from_project.size() > kMaxNameText)
    return TooLong(Where(Field::kFromProject), row.from_project.size(), kMaxNameText);
  row.project_words = Described(Field::kProjectWords, fields, &row);
  row.kind = Described(Field::kKind, fields, &row);
  row.purpose = Described(Field::kPurpose, fields, &row);
  row.reference = Described(Field::kReference, fields, &row);
  row.place = Described(Field::kPlace, fields, &row);
  for (const auto& [field, id] :
       {std::pair(Field::kNeed, &row.need), std::pair(Field::kPledge, &row.pledge),
        std::pair(Field::kAssignment, &row.assignment), std::pair(Field::kCommitment, &row.commitment)}) {
    *id = Cell(field, fields);
    if (id->size() > kMaxNameText) return TooLong(Where(field), id->size(), kMaxNameText);
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
