// See map_draft.h.
#include "ledger/sheets/map_draft.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/text.h"
#include "ledger/sheets/encoding.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kShownWidth = 40;

}  // namespace

std::vector<std::string> SheetHead::CellsOf(std::size_t column) const {
  std::vector<std::string> cells;
  for (const auto& row : rows) {
    std::string cell = SingleLine(row[column]);
    if (!cell.empty()) cells.push_back(std::move(cell));
  }
  return cells;
}

StatusOr<SheetHead> ReadSheetHead(const std::string& bytes, std::string_view encoding, Cells cells) {
  SheetHead head;
  head.encoding = std::string(encoding);
  if (head.encoding.empty()) {
    FT_ASSIGN_OR_RETURN(head.encoding, FindEncoding(bytes));
  }
  FT_ASSIGN_OR_RETURN(const std::string written, ToUtf8(bytes, head.encoding));
  const std::string text = WithNarrowSeparators(written);
  head.wide_separators = text != written;
  head.separator = FindSeparator(text);
  FT_ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(text, head.separator, cells));
  for (const std::string& title : reader.header()) head.titles.push_back(SingleLine(title));
  CsvRecord record;
  while (head.rows.size() < kMaxRowsLookedAt && reader.Next(&record))
    if (record.status.ok()) head.rows.push_back(record.fields);
  return head;
}

std::string TomlText(std::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(Abseil(text), {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

std::string ShownText(std::string_view text) { return Escaped(ClipToWidth(text, kShownWidth)); }

void MapDraft::Guess(std::string_view key, std::string_view value, std::string_view why) {
  parts_.push_back({Kind::kLine, absl::StrCat(Abseil(key), " = ", Abseil(value)), std::string(why)});
}

void MapDraft::Ask(std::string_view question, const std::vector<std::string>& answers) {
  std::string lines;
  for (const std::string& answer : answers) absl::StrAppend(&lines, "# ", answer, "\n");
  parts_.push_back({Kind::kQuestion, std::move(lines), std::string(question)});
}

void MapDraft::Heading(std::string_view heading) {
  parts_.push_back({Kind::kHeading, std::string(heading), ""});
}

void MapDraft::Told(std::string_view words) { parts_.push_back({Kind::kComment, "", std::string(words)}); }

void MapDraft::Begin(std::string_view file, const SheetHead& head, std::string_view command) {
  Told(absl::StrCat("A first map for ", ShownText(file), ", made from its header and ",
                    head.rows.size() == 1 ? "1 row" : absl::StrCat(head.rows.size(), " rows")));
  Told(absl::StrCat("Look at each line, answer what is asked, and try it: import ", Abseil(command),
                    " FILE --map MAP --dry-run"));
  Heading("");
  Guess("encoding", TomlText(head.encoding), "as the bytes say");
  Guess("separator", head.separator == '\t' ? "\"\\t\"" : TomlText(std::string(1, head.separator)),
        head.wide_separators ? "the file has it in full width, which is read so"
                             : "the one that is most frequent in the header");
}

void MapDraft::Unused(const std::vector<std::string>& titles) {
  std::vector<std::string> shown;
  for (const std::string& title : titles) shown.push_back(TomlText(ShownText(title)));
  if (!shown.empty()) Told(absl::StrCat("not used: ", absl::StrJoin(shown, ", ")));
}

std::string MapDraft::Text(const Tell& tell) const {
  std::string text;
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Kind::kLine:
        absl::StrAppend(&text, part.map, "  # ", tell(part.words), "\n");
        break;
      case Kind::kQuestion:
        absl::StrAppend(&text, "# ", tell(absl::StrCat("ASKED: ", part.words)), "\n", part.map);
        break;
      case Kind::kHeading:
        absl::StrAppend(&text, "\n", part.map, part.map.empty() ? "" : "\n");
        break;
      case Kind::kComment:
        absl::StrAppend(&text, "# ", tell(part.words), "\n");
        break;
    }
  }
  return text;
}

}  // namespace fundtrail::sheets
