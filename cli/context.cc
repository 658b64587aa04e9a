// See context.h.
#include "cli/context.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/passphrase.h"
#include "cli/render/json.h"
#include "cli/render/messages.h"
#include "cli/unanswered.h"
#include "cli/whole_number.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/base/wrap.h"
#include "ledger/crypto/key_file.h"
#include "ledger/log/ledger.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {

namespace {

constexpr int kNarrowest = 40;  // of the terminals that text is fitted to

}  // namespace

render::Style Context::style() const {
  render::Style style;
  const char* no_colour = std::getenv("NO_COLOR");
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  style.colour = !no_color && terminal && (no_colour == nullptr || *no_colour == '\0');
  constexpr int kUsualWidth = 100;  // of a terminal that does not say how wide it is
  if (terminal) style.width = kUsualWidth;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= kNarrowest) style.width = size.ws_col;
  if (wide) style.width = render::kEndless;
  return style;
}

namespace {

std::string WithWhere(const Context& context, const std::string& text) {
  if (context.server.empty() && context.ledger_dir.empty()) return text;
  return absl::StrReplaceAll(
      text, {{"fundtrail WHERE ", absl::StrCat("fundtrail ", Escaped(WhereOf(context)), " ")}});
}

// As this terminal takes it: no line is wider.
std::string OnScreen(const Context& context, const render::Shown& text) {
  const render::Style style = context.style();
  return style.endless() ? text.In(context.language) : Wrapped(text.In(context.language), style.width);
}

}  // namespace

void Print(const Context& context, const render::Shown& text) {
  PrintData(
      OnScreen(context, text.Each([&](const std::string& words) { return WithWhere(context, words); })));
}

std::string WhereOf(const Context& context) {
  return context.server.empty() ? "--ledger " + context.ledger_dir : "--server " + context.server;
}

render::Progress ProgressOf(const Context& context, const render::Shown& label) {
  return render::Progress(label, context.language, isatty(STDERR_FILENO) != 0, render::SteadySeconds(),
                          [](const std::string& text) { std::fputs(text.c_str(), stderr); });
}

void PrintData(std::string_view data) { std::fwrite(data.data(), 1, data.size(), stdout); }

namespace {

std::string SentenceOf(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  return refusal.has_value() ? std::string(refusal->sentence()) : std::string(status.message());
}

// What went wrong, as people read it.
render::Shown ErrorWords(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  const render::Shown sentence = render::Told(SentenceOf(status));
  if (!refusal.has_value()) return render::Say("fundtrail: {}\n", sentence);
  const std::string& code = model::WordOf(refusal->code());
  return refusal->field().empty()
             ? render::Say("fundtrail: refused, {}: {}\n", code, sentence)
             : render::Say("fundtrail: refused, {} at {}: {}\n", code, refusal->field(), sentence);
}

// Whether stdout is a terminal whose screen the text does not fit on. A terminal that does not say its size has none.
bool IsOverScreen(const std::string& text) {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return false;
  return size.ws_row > 0 && std::count(text.begin(), text.end(), '\n') >= size.ws_row;
}

// Shows the text in a pager, where one is wanted. False when it was not shown: there is no such program, for example.
bool Paged(const Context& context, const std::string& text) {
  const char* wanted = std::getenv("PAGER");
  const std::string pager = wanted == nullptr ? "less -FRX" : wanted;
  if (context.no_pager || pager.empty() || pager == "cat" || !IsOverScreen(text)) return false;
  std::fflush(stdout);
  // Whoever leaves the pager before the end has seen enough.
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  std::FILE* const screen = popen(pager.c_str(), "w");
  int end = -1;
  if (screen != nullptr) {
    std::fwrite(text.data(), 1, text.size(), screen);
    end = pclose(screen);
  }
  ::signal(SIGPIPE, before);
  constexpr int kNoSuchProgram = 127;  // of the shell
  return end != -1 && !(WIFEXITED(end) && WEXITSTATUS(end) == kNoSuchProgram);
}

}  // namespace

std::string ErrorJson(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  nlohmann::json error = {{"sentence", render::EscapedMessage(SentenceOf(status))}};
  error["code"] = refusal.has_value() ? model::WordOf(refusal->code())
                                      : std::string(absl::StatusCodeToString(status.code()));
  if (refusal.has_value()) error["field"] = Escaped(refusal->field());
  if (const auto unanswered = UnansweredOf(status); unanswered.has_value()) {
    error["id"] = unanswered->id;
    error["date"] = unanswered->date;
  }
  return error.dump(1);
}

void PrintError(const Context& context, const Status& status) {
  winsize size{};
  const bool broken = !context.wide && isatty(STDERR_FILENO) != 0 &&
                      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= kNarrowest;
  const std::string words = WithWhere(context, ErrorWords(status).In(context.language));
  std::cerr << (broken ? Wrapped(words, size.ws_col) : words);
  if (!context.json) return;
  const std::string error = ErrorJson(status);
  PrintData(context.json_lines ? nlohmann::json{{"error", nlohmann::json::parse(error)}}.dump() + "\n"
                               : "{\n \"error\": " + error + "\n}\n");
}

StatusOr<Exit> PrintAnswer(const Context& context, const google::protobuf::Message& answer,
                           const std::function<render::Shown()>& text,
                           const std::vector<std::string>& warnings) {
  if (context.json) {
    PrintData(render::Json(answer, {context.json_lines, warnings}));
    return Exit::kYes;
  }
  const std::string words = OnScreen(context, text());
  if (!Paged(context, words)) PrintData(words);
  return Exit::kYes;
}

StatusOr<std::string> LedgerDir(const Context& context) {
  if (!context.ledger_dir.empty()) return context.ledger_dir;
  return absl::InvalidArgumentError(
      "which ledger? Give --ledger DIR or --server HOST:PORT, or set FUNDTRAIL_LEDGER or "
      "FUNDTRAIL_SERVER");
}

StatusOr<std::string> ReadFront(const std::string& path, std::size_t limit, Pipes pipes) {
  if (path != "-") {
    auto text = ReadFileFront(path, limit, pipes);
    if (text.ok() || absl::IsInvalidArgument(text.status())) return text;
    if (!absl::IsNotFound(text.status())) return absl::InvalidArgumentError(text.status().message());
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": is it there, and a file?"));
  }
  std::string text;
  char buffer[1 << 16];
  while (text.size() < limit && (std::cin.read(buffer, sizeof buffer) || std::cin.gcount() > 0))
    text.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
  if (std::cin.bad()) return absl::InvalidArgumentError("cannot read standard input");
  return text.substr(0, limit);
}

StatusOr<std::string> ReadFile(const std::string& path, std::size_t limit, Pipes pipes) {
  FT_ASSIGN_OR_RETURN(auto text, ReadFront(path, limit + 1, pipes));
  if (text.size() <= limit) return text;
  return absl::InvalidArgumentError(
      absl::StrCat(path, " has more than ", limit, " bytes, the most that is read"));
}

Status WriteNewFile(const std::string& path, std::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 && errno == EEXIST)
    return absl::InvalidArgumentError(absl::StrCat(path, " is there already, and nothing is overwritten"));
  if (file < 0) {
    Status why = SystemError("make", path);
    FT_RETURN_IF_ERROR(CheckCanMake(path));
    return why;
  }
  errno = 0;
  const bool written =
      write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fsync(file) == 0;
  int why = written ? 0 : errno == 0 ? ENOSPC : errno;  // what is written in part has no room
  if (close(file) != 0 && written) why = errno;
  if (why == 0) return absl::OkStatus();
  unlink(path.c_str());
  errno = why;
  return SystemError("write", path);
}

StatusOr<std::optional<std::string>> ReadPassphrase(const std::string& path) {
  if (path.empty()) return std::optional<std::string>();
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, 4096));
  return std::optional<std::string>(text.substr(0, text.find_first_of("\r\n")));
}

void AddSigning(CLI::App* command, Signing* signing) {
  command->add_option("--key", signing->key_file, "The key file to sign with")->required();
  command->add_option("--passphrase-file", signing->passphrase_file,
                      "A file whose first line is the passphrase of the key");
  command->add_option("--as", signing->author,
                      "The party that signs; else the only party that the key may sign for");
  command->add_option(
      "--id", signing->id,
      "The entry's id, 32 hex digits; else a random one. The same entry with the same id is recorded once");
  command->add_option("--date", signing->date, "The entry's date, YYYY-MM-DD; else today (UTC)");
  command->add_option("--memo", signing->memo, "A note in the entry");
  command->add_flag("--not-personal", signing->not_personal,
                    "Signs although a text looks like an identity, bank-card or mobile number. You confirm "
                    "that it is not a person's");
}

void AddReceipt(CLI::App* command, Signing* signing) {
  auto* receipt = command->add_option(
      "--receipt", signing->receipt_file,
      "The file to make, with a receipt that can be checked offline. Nothing is overwritten");
  command
      ->add_flag("--cosigned", signing->cosigned,
                 "Waits up to a minute until witnesses have cosigned the checkpoint of the receipt")
      ->needs(receipt);
}

void AddOut(CLI::App* command, Signing* signing) {
  auto* out = command->add_option(
      "--out", signing->out_file,
      "Sends nothing, and writes the signed entry to this file: others `cosign` it, and `submit` sends it");
  AddCosigner(command, signing)->needs(out);
}

CLI::Option* AddCosigner(CLI::App* command, Signing* signing) {
  return command
      ->add_option("--cosigner", signing->cosigners,
                   "The public key of another signer, 64 hex digits. May be given several times")
      ->allow_extra_args(false);
}

Status NameSigners(const Signing& signing, const crypto::PublicKey& key, v1::Entry* entry) {
  if (!entry->signers().empty()) {
    if (signing.cosigners.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("the entry names its signers itself: leave out --cosigner");
  }
  entry->add_signers(std::string(key.view()));
  for (const std::string& hex : signing.cosigners) {
    const auto other = crypto::PublicKey::FromHex(hex);
    if (!other.ok()) return Annotate(other.status(), "--cosigner");
    entry->add_signers(std::string(other->view()));
  }
  return absl::OkStatus();
}

void AddPageOptions(CLI::App* command, PageOptions* page) {
  command->add_option("--limit", page->limit, "The most lines to print; else all. 0 prints all")
      ->check(WholeNumber());
  command->add_option("--after", page->after, "Continues an earlier answer, after the token that it printed");
}

CLI::Option* AddRaw(CLI::App* command, sheets::Cells* cells, CLI::Option* csv) {
  auto* raw = command->add_flag_callback(
      "--raw", [cells] { *cells = sheets::Cells::kRaw; },
      "Prints cells exactly as they are, without the ' that keeps a spreadsheet from running them as "
      "formulas");
  if (csv != nullptr) raw->needs(csv);
  return raw;
}

void AddJoined(CLI::App* command, const std::function<void()>& wanted) {
  command->add_flag_callback(
      "--joined", wanted,
      "Counts parties that are one body (join) together, under the one that stands for them");
}

StatusOr<crypto::SigningKey> ReadKey(const Context& context, const std::string& file,
                                     std::optional<std::string_view> passphrase) {
  std::string typed;
  if (!passphrase.has_value() && MayAskPassphrase() && crypto::IsSealedKeyFile(file)) {
    FT_ASSIGN_OR_RETURN(typed, AskPassphrase(context.language, file));
    passphrase = typed;
  }
  auto key = crypto::ReadKeyFile(file, passphrase);
  // Whoever runs this can mend it: no machine on the way refused anything.
  if (absl::IsPermissionDenied(key.status())) return absl::InvalidArgumentError(key.status().message());
  return key;
}

StatusOr<crypto::SigningKey> LoadKey(const Context& context, const Signing& signing) {
  FT_ASSIGN_OR_RETURN(const auto passphrase, ReadPassphrase(signing.passphrase_file));
  return ReadKey(context, signing.key_file, passphrase);
}

StatusOr<v1::TransferRef> ParseRefText(const std::string& text) {
  FT_ASSIGN_OR_RETURN(const auto ref, model::ParseRef(text));
  v1::TransferRef out;
  model::SetRef(ref, &out);
  return out;
}

StatusOr<Date> ParseDay(const std::string& option, const std::string& text) {
  auto date = ParseDate(text);
  return date.ok() ? date : Annotate(date.status(), option);
}

StatusOr<std::optional<Date>> ParseOptionalDay(const std::string& option, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  FT_ASSIGN_OR_RETURN(const Date date, ParseDay(option, text));
  return std::optional<Date>(date);
}

StatusOr<Date> DateFor(const std::string& text) {
  return text.empty() ? DateOf(log::SystemClock()()) : ParseDay("--date", text);
}

void OnRun(CLI::App* command, Context* context, Command run) {
  command->callback([context, run = std::move(run)] { context->run = run; });
}

}  // namespace fundtrail::cli
