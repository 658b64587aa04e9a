// See suggest.h.
#include "ledger/sheets/suggest.h"

#include <unicode/ucurr.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cfloat>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/money_text.h"

namespace fundtrail::sheets {
namespace {

class Suggester {
 public:
  explicit Suggester(const SheetHead& head) : head_(head), titles_(head.titles) {
    for (std::size_t i = 0; i < titles_.size(); ++i) {
      const auto field = FieldNamed(titles_[i]);
      auto* const column = field.has_value() ? &columns_[static_cast<std::size_t>(*field)] : nullptr;
      if (column != nullptr && !column->has_value()) {
        *column = i;
      } else {
        unused_.push_back(titles_[i]);
      }
    }
  }

  MapDraft Map(std::string_view file) {
    draft_.Begin(file, head_, "csv");
    Dates();
    Decimals();
    Factor();
    Ids();
    Columns();
    Constants();
    return std::move(draft_);
  }

 private:
  std::optional<std::size_t> ColumnOf(Field field) const { return columns_[static_cast<std::size_t>(field)]; }

  std::vector<std::string> CellsOf(Field field) const {
    const auto column = ColumnOf(field);
    return column.has_value() ? head_.CellsOf(*column) : std::vector<std::string>();
  }

  void Dates() {
    std::optional<std::set<std::string>> formats;  // that read all dates of no clear form
    std::string example, unread;
    bool clear = false;
    for (const std::string& cell : CellsOf(Field::kDate)) {
      if (ParseClearDate(cell).ok()) {
        clear = true;
        continue;
      }
      const auto may_be = YearLastFormats(cell);
      if (may_be.empty()) {
        unread = cell;
        continue;
      }
      std::set<std::string> still;
      for (const std::string& format : may_be)
        if (!formats.has_value() || formats->contains(format)) still.insert(format);
      if (!formats.has_value() || still.size() < formats->size()) example = cell;
      formats = std::move(still);
      if (formats->empty()) break;
    }
    if (!unread.empty()) {
      const bool alone = !clear && !formats.has_value();
      draft_.Ask(
          absl::StrCat("what form has the date ", ShownText(unread), "? ",
                       alone ? "" : "Other dates are read. If it is a slip, mend the file; if not, ",
                       "%Y or %y, %m and %d stand for its parts"),
          alone ? std::vector<std::string>{"date_formats = [\"%d/%m/%Y\"]"} : std::vector<std::string>());
      if (alone) return;
    }
    if (!formats.has_value()) {
      draft_.Guess("date_formats", "[\"auto\"]",
                   clear ? (unread.empty() ? "every date has a clear form" : "the others have a clear form")
                         : "no date was seen");
      return;
    }
    const std::string also = clear ? "\"auto\", " : "";
    const auto list = [&](const std::string& format) { return absl::StrCat("[", also, "\"", format, "\"]"); };
    if (formats->size() == 1) {
      draft_.Guess("date_formats", list(*formats->begin()),
                   absl::StrCat("since ", ShownText(example), " can be no other"));
    } else if (formats->empty()) {
      draft_.Ask(absl::StrCat("what form has the date ", ShownText(example),
                              "? %Y or %y, %m and %d stand for its parts"),
                 {"date_formats = [\"%d/%m/%Y\"]"});
    } else {
      std::vector<std::string> answers;
      for (const std::string& format : *formats) answers.push_back("date_formats = " + list(format));
      draft_.Ask(
          absl::StrCat("is ", ShownText(example), " day first or month first? Take the # off one line"),
          answers);
    }
  }

  void Decimals() {
    std::string point, comma, doubtful;  // an example of each
    for (const std::string& cell : CellsOf(Field::kAmount)) {
      const auto money = SplitMoney(cell);
      if (!money.ok()) continue;
      const std::string& number = money->number;
      const std::size_t last = number.find_last_of(".,");
      if (last == std::string::npos) continue;
      const char mark = number[last];
      const bool other = number.find(mark == '.' ? ',' : '.') != std::string::npos;
      const bool repeated = number.find(mark) != last;
      const std::size_t digits = CountDigits(number, last + 1);
      if (repeated) {
        (mark == '.' ? comma : point) = cell;
      } else if (other || digits != 3) {
        (mark == '.' ? point : comma) = cell;
      } else if (mark == '.') {
        doubtful = cell;
      }
    }
    if (!comma.empty() && point.empty()) {
      draft_.Guess("decimal", "\",\"", absl::StrCat("as the amount ", ShownText(comma), " has it"));
    } else if (comma.empty() && !point.empty()) {
      draft_.Guess("decimal", "\".\"", absl::StrCat("as the amount ", ShownText(point), " has it"));
    } else if (!comma.empty()) {
      draft_.Ask(absl::StrCat("which mark stands before the fraction? ", ShownText(point), " and ",
                              ShownText(comma), " are in one file"),
                 {"decimal = \".\"", "decimal = \",\""});
    } else if (!doubtful.empty()) {
      draft_.Ask(absl::StrCat("is ", ShownText(doubtful),
                              " a thousand and more (then a comma stands before fractions)?"),
                 {"decimal = \".\"", "decimal = \",\""});
    }
  }

  static std::size_t CountDigits(std::string_view number, std::size_t from) {
    return static_cast<std::size_t>(std::count_if(number.begin() + static_cast<std::ptrdiff_t>(from),
                                                  number.end(), [](char c) { return c >= '0' && c <= '9'; }));
  }

  void Factor() {
    const auto amount = ColumnOf(Field::kAmount);
    if (!amount.has_value()) return;
    const std::int64_t factor = FactorNamed(titles_[*amount]);
    if (factor == 1) return;
    draft_.Guess("factor", absl::StrCat(factor),
                 absl::StrCat("as the title ", ShownText(titles_[*amount]), " says"));
  }

  // An id made of a hash says nothing to those who read it, and stands wherever an id is shown.
  void Ids() {
    for (const Field field : {Field::kFrom, Field::kTo, Field::kFund}) {
      for (const std::string& cell : CellsOf(field)) {
        if (std::all_of(cell.begin(), cell.end(), [](char c) { return static_cast<signed char>(c) >= 0; }))
          continue;
        draft_.Guess(
            "new_ids", "\"readable\"",
            absl::StrCat("so that ", ShownText(cell), ", when it is new, gets an id in Latin letters"));
        return;
      }
    }
  }

  void Columns() {
    draft_.Heading("[columns]");
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const auto field = static_cast<Field>(i);
      const bool needed =
          field == Field::kDate || field == Field::kFrom || field == Field::kTo || field == Field::kAmount;
      if (!columns_[i].has_value()) {
        if (needed)
          draft_.Ask(absl::StrCat("which column has ", Abseil(NameOf(field)),
                                  "? Or give one text for all rows under [constants]"),
                     {absl::StrCat(Abseil(NameOf(field)), " = \"TITLE\"")});
        continue;
      }
      const std::string title = TomlText(titles_[*columns_[i]]);
      if (field == Field::kProject && !ColumnOf(Field::kProjectWords).has_value()) {
        draft_.Guess("project_words", title,
                     "free text; write project = in its place if the ledger has these projects");
      } else if (field == Field::kPlace) {
        draft_.Guess("place", title,
                     "the id or name of a place; the ledger must have it, or --register makes it");
      } else {
        draft_.Guess(NameOf(field), title, "by its title");
      }
    }
    draft_.Unused(unused_);
  }

  // What the signs beside the amounts, or the title of the column, say.
  std::string AssetSeen() const {
    std::set<std::string> seen;
    for (const std::string& cell : CellsOf(Field::kAmount)) {
      const auto money = SplitMoney(cell);
      if (!money.ok()) continue;
      for (const auto* const marks : {&money->before, &money->behind})
        for (const std::string& mark : *marks) seen.insert(AssetOf(mark));
    }
    if (seen.size() == 1) return *seen.begin();
    const auto amount = ColumnOf(Field::kAmount);
    if (!seen.empty() || !amount.has_value()) return "";
    const std::string& title = titles_[*amount];
    for (std::size_t at = 0; at + 3 <= title.size(); ++at) {
      std::string code = title.substr(at, 3);
      // "Amount (EUR)", "amountUSD"
      const bool alone =
          (at == 0 || !IsCapital(title[at - 1])) && (at + 3 == title.size() || !IsLetter(title[at + 3]));
      if (alone && IsCurrency(code)) return code;
    }
    for (const std::string_view foreign : {"美元", "欧元", "港元", "日元"})
      if (title.find(foreign) != std::string::npos) return std::string(CurrenciesOf(foreign).front());
    return title.find("元") != std::string::npos ? "CNY" : "";
  }

  static bool IsLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
  static bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

  // Whether it is a code of ISO 4217, of today or of an earlier day.
  static bool IsCurrency(const std::string& code) {
    if (code.size() != 3 || !std::all_of(code.begin(), code.end(), IsCapital)) return false;
    const UChar letters[] = {static_cast<UChar>(code[0]), static_cast<UChar>(code[1]),
                             static_cast<UChar>(code[2]), 0};
    UErrorCode error = U_ZERO_ERROR;
    return ucurr_isAvailable(letters, U_DATE_MIN, U_DATE_MAX, &error) != 0 && U_SUCCESS(error);
  }

  // The currency of a sign; empty when it may be of several that are as likely.
  static std::string AssetOf(const std::string& mark) {
    const auto number = LargeNumberAt(mark);
    const std::string sign = number.has_value() ? mark.substr(number->word.size()) : mark;
    if (sign.empty() || sign == "元") return "CNY";
    const auto codes = CurrenciesOf(sign);
    if (codes.size() == 1) return std::string(codes.front());
    return IsCurrency(sign) ? sign : "";
  }

  void Constants() {
    if (ColumnOf(Field::kAsset).has_value()) return;
    draft_.Heading("[constants]");
    const std::string asset = AssetSeen();
    if (asset.empty()) {
      draft_.Ask("of which asset are the amounts?", {"asset = \"CNY\""});
    } else {
      draft_.Guess("asset", TomlText(asset), "as the amounts or their title say");
    }
  }

  const SheetHead& head_;
  const std::vector<std::string>& titles_;
  std::array<std::optional<std::size_t>, kFieldCount> columns_;
  std::vector<std::string> unused_;
  MapDraft draft_;
};

}  // namespace

StatusOr<MapDraft> SuggestMap(std::string_view file_name, const std::string& bytes, std::string_view encoding,
                              Cells cells) {
  FT_ASSIGN_OR_RETURN(const SheetHead head, ReadSheetHead(bytes, encoding, cells));
  return Suggester(head).Map(file_name);
}

}  // namespace fundtrail::sheets
