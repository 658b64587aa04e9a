// See days.h.
#include "cli/days.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/help.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/sheets/date_text.h"

namespace fundtrail::cli {
namespace {

// The days that a date with the year last may be.
std::vector<std::string> DaysWithYearLast(const std::string& text) {
  std::vector<std::string> days;
  for (const std::string& format : sheets::YearLastFormats(text)) {
    const auto day = ParseDateWith(text, format);
    if (day.ok() && std::find(days.begin(), days.end(), ToString(*day)) == days.end())
      days.push_back(ToString(*day));
  }
  return days;
}

StatusOr<std::string> WrittenDay(const std::string& option, const std::string& text) {
  // As it is to be written. Whether it is a day, the command looks.
  constexpr std::size_t kIso = 10;
  if (text.size() == kIso && text[4] == '-' && text[7] == '-') return text;
  const auto day = sheets::ReadClearDate(text);
  if (!day.ok()) return Annotate(day.status(), option);
  if (day->has_value()) return ToString(**day);
  const std::vector<std::string> may_be = DaysWithYearLast(text);
  if (may_be.empty()) return text;
  if (may_be.size() == 1)
    return absl::InvalidArgumentError(absl::StrCat(option, ": \"", Escaped(text), "\" may be ", may_be[0],
                                                   ": write the day with the year first"));
  return absl::InvalidArgumentError(absl::StrCat(option, ": \"", Escaped(text), "\" may be ", may_be[0],
                                                 " or ", may_be[1], ": write the day with the year first"));
}

// A record: "12".
bool AllDigits(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

StatusOr<std::string> WrittenDays(const std::string& option, const std::string& value,
                                  const std::string& text) {
  if (value == "DATE") return WrittenDay(option, text);
  if (value == "RECORD|DATE" && !AllDigits(text)) return WrittenDay(option, text);
  const std::size_t dots = text.find("..");
  if (value != "FROM..TO" || dots == std::string::npos) return text;
  FT_ASSIGN_OR_RETURN(const std::string from, WrittenDay(option, text.substr(0, dots)));
  FT_ASSIGN_OR_RETURN(const std::string to, WrittenDay(option, text.substr(dots + 2)));
  return absl::StrCat(from, "..", to);
}

}  // namespace

Status ReadDays(const CLI::App& app) {
  for (CLI::App* command : app.get_subcommands()) {
    for (CLI::Option* option : command->get_options()) {
      if (option->count() == 0 || option->get_expected_max() == 0) continue;  // a flag
      std::vector<std::string> texts = option->results();
      for (std::string& text : texts) {
        FT_ASSIGN_OR_RETURN(text, WrittenDays(option->get_name(), ValueName(*option), text));
      }
      if (texts == option->results()) continue;
      option->clear();
      option->add_result(texts);
      option->run_callback();
    }
    FT_RETURN_IF_ERROR(ReadDays(*command));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
