// See as_of.h.
#include "cli/commands/as_of.h"

#include <algorithm>
#include <cstdio>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/render/shown.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

constexpr const char* kName = "--as-of";
// Of the options that FindAsOf reads. A balance's has another.
constexpr const char* kRecorded = "As the ledger stood after this record, or at the end of this day (UTC)";

std::optional<std::uint64_t> RecordNumberIn(const std::string& text) {
  std::uint64_t record = 0;
  if (!NoWholeNumber(text).empty() || !absl::SimpleAtoi(text, &record)) return std::nullopt;
  return record;
}

// When a record was recorded.
StatusOr<Timestamp> RecordedAt(Connection* connection, std::uint64_t record) {
  v1::LogRequest request;
  request.set_from(record);
  request.set_to(record);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeLog(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (answer.records_size() != 1)
    return absl::DataLossError("the server's answer cannot be true: it is of no record");
  return Timestamp(answer.records(0).recorded_micros());
}

// The last record of the day or of one before it. Each record is later than the one before.
StatusOr<std::uint64_t> LastRecordBy(Connection* connection, const Date& day) {
  FT_ASSIGN_OR_RETURN(const auto now, AskGetCheckpoint(connection, v1::CheckpointRequest()));
  std::uint64_t by_then = 0, later = now.as_of().size();  // records below the first, and from the second on
  while (by_then < later) {
    const std::uint64_t middle = by_then + (later - by_then) / 2;
    FT_ASSIGN_OR_RETURN(const Timestamp recorded, RecordedAt(connection, middle));
    if (DateOf(recorded) <= day) {
      by_then = middle + 1;
    } else {
      later = middle;
    }
  }
  if (by_then > 0) return by_then - 1;
  if (now.as_of().size() == 0)
    return absl::DataLossError("the server's answer cannot be true: it is of no record");
  FT_ASSIGN_OR_RETURN(const Timestamp first, RecordedAt(connection, 0));
  return absl::OutOfRangeError(
      absl::StrCat("--as-of: nothing was recorded by the end of ", ToString(day), ", UTC: record 0 is of ",
                   ToString(DateOf(first)),
                   ". Payments of earlier days are asked for by their value dates, which --help names"));
}

}  // namespace

StatusOr<AsOf> ParseAsOf(const std::string& text) {
  AsOf as_of;
  as_of.record = RecordNumberIn(text);
  if (as_of.record.has_value()) return as_of;
  if (text.find('-', 1) == std::string::npos)
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-of: \"", Escaped(text), "\" is neither a record, as 12, nor a day, as 2026-01-31"));
  FT_RETURN_IF_ERROR(ParseDay(kName, text).status());
  as_of.day = text;
  return as_of;
}

CLI::Option* AddAsOf(CLI::App* command, std::optional<std::uint64_t>* record) {
  // What is no record is looked up before the command runs.
  return command->add_option_function<std::string>(
      kName, [record](const std::string& text) { *record = RecordNumberIn(text); }, kRecorded);
}

CLI::Option* AddAsOfValueDate(CLI::App* command, std::string* text) {
  return command->add_option(
      kName, *text, "As the ledger stood after this record; or, of a date, by the value dates up to it");
}

Status FindAsOf(const CLI::App& app, Context* context) {
  for (CLI::App* command : app.get_subcommands()) {
    FT_RETURN_IF_ERROR(FindAsOf(*command, context));
    CLI::Option* option = command->get_option_no_throw(kName);
    if (option == nullptr || option->count() == 0) continue;
    FT_ASSIGN_OR_RETURN(const AsOf as_of, ParseAsOf(option->results().back()));
    if (as_of.day.empty() || command->get_name() == "balance") continue;
    FT_ASSIGN_OR_RETURN(const Date day, ParseDay(kName, as_of.day));
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const std::uint64_t record, LastRecordBy(connection.get(), day));
    std::fputs(
        render::Say("fundtrail: record {} is the last by the end of {} (UTC): the answer is as of it\n",
                    record, as_of.day)
            .In(context->language)
            .c_str(),
        stderr);
    option->clear();
    option->add_result(std::to_string(record));
    option->run_callback();
    // Of several servers, one may not have it yet.
    context->min_size = std::max(context->min_size, record + 1);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
