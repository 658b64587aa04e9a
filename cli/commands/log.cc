// log
#include "cli/render/log.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/context.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/note.h"

namespace fundtrail::cli {
namespace {

struct LogOptions {
  v1::LogRequest request;
  std::string range, signer;
  std::optional<std::uint64_t> from, to;
  std::vector<std::string> kinds;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

bool IsRecordNumber(const std::string& text) {
  std::uint64_t number = 0;
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, &number);
}

bool MayBeEnd(const std::string& text) {
  std::error_code error;
  return text.empty() || IsRecordNumber(text) || std::filesystem::is_regular_file(text, error);
}

// One end of a range: nothing, a record, or a checkpoint that was kept.
struct RangeEnd {
  std::string file;
  std::optional<std::uint64_t> record;         // the last one before, or of, what is asked for
  std::optional<tree::Checkpoint> checkpoint;  // of the file
};

StatusOr<RangeEnd> ReadEnd(const std::string& text) {
  RangeEnd end;
  std::uint64_t number = 0;
  if (text.empty()) return end;
  if (IsRecordNumber(text) && absl::SimpleAtoi(text, &number)) {
    end.record = number;
    return end;
  }
  FT_ASSIGN_OR_RETURN(const std::string note, ReadFile(text, tree::kMaxNoteBytes));
  const auto parsed = tree::ParseNote(note);
  auto checkpoint = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  if (!checkpoint.ok()) return Annotate(checkpoint.status(), text);
  end.file = text;
  if (checkpoint->size > 0) end.record = checkpoint->size - 1;
  end.checkpoint = *std::move(checkpoint);
  return end;
}

// "A..B", cut where both sides can be an end: names of files may have two points, too.
StatusOr<std::pair<RangeEnd, RangeEnd>> ReadRange(const std::string& text) {
  for (std::size_t at = text.find(".."); at != std::string::npos; at = text.find("..", at + 1)) {
    const std::string first = text.substr(0, at), last = text.substr(at + 2);
    if (!MayBeEnd(first) || !MayBeEnd(last)) continue;
    FT_ASSIGN_OR_RETURN(RangeEnd from, ReadEnd(first));
    FT_ASSIGN_OR_RETURN(RangeEnd to, ReadEnd(last));
    return std::pair(std::move(from), std::move(to));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", Escaped(text),
                   "\" is no range: give A..B, each of them a record or a file with a checkpoint. A range "
                   "begins after A and ends with B"));
}

// That the ledger which is asked continues the checkpoint that was kept: else what came after it means nothing.
Status CheckContinues(Connection* connection, const RangeEnd& end) {
  if (!end.checkpoint.has_value()) return absl::OkStatus();
  const tree::Checkpoint& kept = *end.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto now, AskGetCheckpoint(connection, v1::CheckpointRequest()));
  if (now.as_of().ledger() != kept.origin)
    return absl::InvalidArgumentError(absl::StrCat(end.file, " is a checkpoint of ", Escaped(kept.origin),
                                                   ", and the ledger that was asked is ",
                                                   Escaped(now.as_of().ledger())));
  if (now.as_of().size() < kept.size)
    return absl::DataLossError(absl::StrCat("the ledger shows ", now.as_of().size(), " records, and ",
                                            end.file, " has ", kept.size, ": records were taken away"));
  FT_ASSIGN_OR_RETURN(const Hash root, Hash::FromBytes(now.as_of().root()));
  std::vector<Hash> proof;
  if (kept.size > 0 && kept.size < now.as_of().size()) {
    v1::ConsistencyRequest request;
    request.set_old_size(kept.size);
    request.set_new_size(now.as_of().size());
    FT_ASSIGN_OR_RETURN(const auto answer, AskConsistency(connection, request));
    for (const std::string& bytes : answer.proof()) {
      FT_ASSIGN_OR_RETURN(proof.emplace_back(), Hash::FromBytes(bytes));
    }
  }
  const Status continues = tree::VerifyConsistency(kept.size, now.as_of().size(), kept.root, root, proof);
  if (continues.ok()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the ledger does not continue ", end.file, ": ", continues.message()));
}

// The request for what came between, and whether it is there at all: nothing comes between a record and itself.
StatusOr<bool> SetRange(Connection* connection, const std::string& range, v1::LogRequest* request) {
  FT_ASSIGN_OR_RETURN(const auto ends, ReadRange(range));
  const auto& [first, last] = ends;
  FT_RETURN_IF_ERROR(CheckContinues(connection, first));
  FT_RETURN_IF_ERROR(CheckContinues(connection, last));
  const std::uint64_t from = first.record.has_value() ? *first.record + 1 : 0;
  std::uint64_t end = 0;  // behind the last
  if (last.record.has_value()) {
    end = *last.record + 1;
  } else if (!last.checkpoint.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto now, AskGetCheckpoint(connection, v1::CheckpointRequest()));
    end = now.as_of().size();
  }
  if (from > end)
    return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(range), "\": the range ends with record ",
                                                   static_cast<std::int64_t>(end) - 1,
                                                   ", before it begins: is it the wrong way round?"));
  if (from == end) return false;
  request->set_from(from);
  request->set_to(end - 1);
  return true;
}

Status FillLog(const LogOptions& options, v1::LogRequest* request) {
  for (const std::string& kind : options.kinds)
    request->add_kinds(absl::StrReplaceAll(absl::AsciiStrToLower(kind), {{"-", "_"}}));
  request->set_limit(options.page.limit);
  request->set_after(options.page.after);
  if (options.from.has_value()) request->set_from(*options.from);
  if (options.to.has_value()) request->set_to(*options.to);
  if (options.signer.empty()) return absl::OkStatus();
  const auto key = crypto::PublicKey::FromHex(options.signer);
  if (key.ok()) {
    request->set_signer(std::string(key->view()));
  } else {
    request->set_signer_party(options.signer);
  }
  return absl::OkStatus();
}

StatusOr<Exit> RunLog(const Context& context, const LogOptions& options) {
  v1::LogRequest request = options.request;
  FT_RETURN_IF_ERROR(FillLog(options, &request));
  const bool between = !options.range.empty();
  if (between && (options.from.has_value() || options.to.has_value()))
    return absl::InvalidArgumentError("a range and --from or --to say the same: give one of them");
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (between) {
    FT_ASSIGN_OR_RETURN(const bool any, SetRange(connection.get(), options.range, &request));
    if (!any) {
      // The ledger as it is, without a record.
      v1::LogAnswer none;
      FT_ASSIGN_OR_RETURN(const auto now, AskGetCheckpoint(connection.get(), v1::CheckpointRequest()));
      *none.mutable_as_of() = now.as_of();
      if (options.csv && !context.json) {
        PrintData(render::LogCsvHeader());
        return Exit::kYes;
      }
      return PrintAnswer(context, none, [] { return render::Shown("No record came between them.\n"); });
    }
  }
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    FT_RETURN_IF_ERROR(PagesOfLog(connection.get(), request, [&](const v1::LogAnswer& page) -> Status {
      Status good = CheckAnswer(page, request);
      if (!good.ok()) return good;
      if (!begun) PrintData(render::LogCsvHeader());
      begun = true;
      PrintData(render::LogCsvLines(page, options.cells));
      return absl::OkStatus();
    }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeLog(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer,
                     [&] { return render::Text(answer, request, between, context.style()); });
}

}  // namespace

void AddLogCommand(CLI::App* app, Context* context) {
  auto* log =
      app->add_subcommand("log", "Lists records: who recorded what, with whose key, the newest first");
  auto options = std::make_shared<LogOptions>();
  log->add_option(
         "RANGE", options->range,
         "What came between: A..B, each a record or a file with a checkpoint that you kept. It begins "
         "after A and ends with B. Without B it ends with the newest record")
      ->type_name("A..B");
  log->add_option("--from", options->from, "The first record to look at; else record 0")
      ->type_name("RECORD")
      ->check(WholeNumber());
  log->add_option("--to", options->to, "The last record to look at; else the newest")
      ->type_name("RECORD")
      ->check(WholeNumber());
  log->add_option("--author", *options->request.mutable_author(), "Only records by this party")
      ->type_name("PARTY");
  log->add_option(
         "--signer", options->signer,
         "Only records that this key signed, in 64 hex digits, or a key that could sign for this party "
         "at that time")
      ->type_name("KEY|PARTY");
  auto* kind =
      log->add_option("--kind", options->kinds,
                      "Only records with such an action: transfer, announce, authorise-key and so on. "
                      "May be given several times");
  kind->expected(1);
  kind->take_all();
  log->add_flag_callback(
      "--oldest-first", [options] { options->request.set_oldest_first(true); },
      "Prints the oldest record first");
  AddPageOptions(log, &options->page);
  AddRaw(log, &options->cells,
         log->add_flag("--csv", options->csv,
                       "Prints a table for a spreadsheet (CSV), with a line for each record and asset"));
  log->footer("Example: fundtrail --ledger DIR log last-year.checkpoint..");
  OnRun(log, context, [=] { return RunLog(*context, *options); });
}

}  // namespace fundtrail::cli
