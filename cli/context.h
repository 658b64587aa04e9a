// What every command shares: the global options, the ledger it works on, and how it ends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit.h"
#include "cli/render/progress.h"
#include "cli/render/style.h"
#include "cli/settings.h"
#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/message.h"
#include "ledger/base/date.h"
#include "ledger/base/files.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/sheets/csv.h"

namespace CLI {  // long to compile, and not needed by who only talks to a ledger
class App;
class Option;
}  // namespace CLI

namespace fundtrail::model {
struct Register;
}  // namespace fundtrail::model

namespace fundtrail::cli {

using Command = std::function<StatusOr<Exit>()>;

struct Context {
  std::string ledger_dir;
  std::string server;   // HOST:PORT
  std::string ca_file;  // PEM: whose certificates a server may show
  std::string client_cert, client_key;
  bool tls = false;  // to a server on this machine too
  int timeout = 60;  // seconds that a server is waited for
  bool json = false;
  bool json_lines = false;  // with `json`: each object on a line of its own
  bool wide = false;        // nothing is cut, on a terminal either
  bool no_pager = false;
  bool no_color = false;
  render::Language language = render::Language::kEnglish;
  Settings settings;               // of the reader's own file
  SettingOrigins setting_origins;  // of those in force
  Command run;                     // set by the subcommand that was named
  std::uint64_t min_size = 0;      // records that an answer is to be of at least

  render::Style style() const;
  // How far JSON is indented, as nlohmann::json takes it: -1 keeps it on one line.
  int json_indent() const { return json_lines ? -1 : 1; }
};

// Tells on stderr what went wrong, and with --json as an object on stdout.
void PrintError(const Context& context, const Status& status);
// The same error as {"code", "sentence", "field"} in JSON; with the "id" and "date" of an entry that may have been taken.
std::string ErrorJson(const Status& status);
// The answer as JSON or as `text`. On a terminal a text that is longer than the screen goes through $PAGER.
// `warnings`, which people were told already, go into the JSON beside the answer's own fields, if there are any.
StatusOr<Exit> PrintAnswer(const Context& context, const google::protobuf::Message& answer,
                           const std::function<render::Shown()>& text,
                           const std::vector<std::string>& warnings = {});
void Print(const Context& context, const render::Shown& text);  // for people, in their language
// Of what takes long, on stderr.
render::Progress ProgressOf(const Context& context, const render::Shown& label);
void PrintData(std::string_view data);  // for programs: JSON, CSV, a signed note

StatusOr<std::string> LedgerDir(const Context& context);
// The ledger that is asked, as a command line names it: "--ledger DIR". What is printed for people has it in place of the WHERE of
// "fundtrail WHERE show 6.1", so that a reader copies what runs.
std::string WhereOf(const Context& context);

// The first bytes of a file, or of standard input for "-", at most `limit`. A pipe is read, `<(command)` for example,
// unless that makes no sense: where the file is written again later. INVALID_ARGUMENT when it is not there, or is a
// folder or a pipe that nobody writes to.
StatusOr<std::string> ReadFront(const std::string& path, std::size_t limit, Pipes pipes = Pipes::kRead);
// A whole file. INVALID_ARGUMENT when it is larger than `limit`, too.
StatusOr<std::string> ReadFile(const std::string& path, std::size_t limit, Pipes pipes = Pipes::kRead);
// Makes the file, whole and synced. INVALID_ARGUMENT when it is there already: nothing is overwritten.
Status WriteNewFile(const std::string& path, std::string_view bytes);
// First line of a file that holds a passphrase; nothing for an empty path.
StatusOr<std::optional<std::string>> ReadPassphrase(const std::string& path);

// Options of every command that signs.
struct Signing {
  std::string key_file;
  std::string passphrase_file;
  std::string author;
  std::string id;    // 32 hex digits; empty: random
  std::string date;  // empty: today
  std::string memo;
  bool not_personal = false;           // texts may hold what reads as a number of a person
  std::string receipt_file;            // empty: none is written
  std::string out_file;                // the signed entry goes here, and not to the ledger
  std::vector<std::string> cosigners;  // public keys in hex, of those who are to sign it too
  bool cosigned = false;               // the receipt is to wait for the witnesses
  bool dry_run = false;                // the rules are asked, and nothing is recorded
};
void AddSigning(CLI::App* command, Signing* signing);
void AddReceipt(CLI::App* command, Signing* signing);  // --receipt, --cosigned, where one entry is sent
void AddOut(CLI::App* command, Signing* signing);      // --out and --cosigner, where several must sign
CLI::Option* AddCosigner(CLI::App* command, Signing* signing);
// Puts the key and the cosigners into `entry` as its signers; what the entry names itself is left as it is.
Status NameSigners(const Signing& signing, const crypto::PublicKey& key, v1::Entry* entry);
// As crypto::ReadKeyFile; INVALID_ARGUMENT where the file is open to others than its owner.
// On a terminal, the passphrase of a sealed file is asked for where none is given.
StatusOr<crypto::SigningKey> ReadKey(const Context& context, const std::string& file,
                                     std::optional<std::string_view> passphrase);
StatusOr<crypto::SigningKey> LoadKey(const Context& context, const Signing& signing);
StatusOr<Date> DateFor(const std::string& text);

// Options of every command that prints a long register or statement.
struct PageOptions {
  std::uint64_t limit = 0;  // 0: all
  std::string after;        // a page token
};
void AddPageOptions(CLI::App* command, PageOptions* page);

// Of every command that prints CSV: whether cells are guarded against spreadsheets that would run them (sheets/csv.h).
// With it an option `csv` is needed, unless it is null.
CLI::Option* AddRaw(CLI::App* command, sheets::Cells* cells, CLI::Option* csv);

// --joined, of every command whose answer may count joined parties together.
void AddJoined(CLI::App* command, const std::function<void()>& wanted);

// "12" or "12.3", as people write them.
StatusOr<v1::TransferRef> ParseRefText(const std::string& text);
// A day as days.h leaves it: YYYY-MM-DD, or INVALID_ARGUMENT.
StatusOr<Date> ParseDay(const std::string& option, const std::string& text);
StatusOr<std::optional<Date>> ParseOptionalDay(const std::string& option, const std::string& text);

// The commands, one file a subject.
void AddKeyCommands(CLI::App* app, Context* context);  // keygen, init
void AddConfigCommand(CLI::App* app, Context* context);
void AddKeyGrantCommands(CLI::App* app, Context* context);   // key
void AddLedgerKeyCommands(CLI::App* app, Context* context);  // ledger-key, root, rules
void AddRegisterCommand(CLI::App* app, const model::Register& of, Context* context);  // its group
void AddEntryCommands(CLI::App* app, Context* context);  // pay, reverse, submit, sign, cosign
void AddPayCommand(CLI::App* app, Context* context);
void AddReverseCommand(CLI::App* app, Context* context);
void AddImportCommand(CLI::App* app, Context* context);
void AddImportRegistersCommand(CLI::App* group, Context* context);  // in the group of `import`
void AddImportIatiCommand(CLI::App* group, Context* context);       // likewise
void AddAskCommands(CLI::App* app, Context* context);               // show, list, balance, statement
void AddFlowsCommand(CLI::App* app, Context* context);
void AddCommittedCommand(CLI::App* app, Context* context);
void AddLogCommand(CLI::App* app, Context* context);
void AddTraceCommands(CLI::App* app, Context* context);
void AddSearchCommand(CLI::App* app, Context* context);
void AddSumCommands(CLI::App* app, Context* context);  // summary, top, series, idle
void AddFindingsCommand(CLI::App* app, Context* context);
void AddCoverageCommands(CLI::App* app,
                         Context* context);  // coverage, fragmentation: after the registers
void AddNeedsCommand(CLI::App* app, Context* context);
void AddMatchCommand(CLI::App* app, Context* context);
void AddPledgesCommand(CLI::App* app, Context* context);
void AddStandingCommands(CLI::App* app, Context* context);   // standing, evaluations, participation
void AddPublicityCommands(CLI::App* app, Context* context);  // publicity, open
void AddWatchCommand(CLI::App* app, Context* context);
void AddVerifyCommands(CLI::App* app, Context* context);  // verify, checkpoint
void AddArchiveCommand(CLI::App* app, Context* context);
void AddExportCommands(CLI::App* app, Context* context);  // export csv, export hledger
void AddSiteCommand(CLI::App* app, Context* context);
void AddFeedCommand(CLI::App* app, Context* context);
void AddCloneCommand(CLI::App* app, Context* context);
void AddProofCommands(CLI::App* app, Context* context);  // proof, receipt verify, consistency
void AddReplicateCommands(CLI::App* app, Context* context);
void AddWitnessCommand(CLI::App* app, Context* context);
void AddPersonalCommands(CLI::App* app, Context* context);  // personal
// In groups of registers, so after these.
void AddProjectCommands(CLI::App* app, Context* context);  // project money
void AddDutyCommands(CLI::App* app, Context* context);     // who-answers, deployment idle
void AddTeamCommands(CLI::App* app, Context* context);     // deployment short, deployment matrix
void AddPolicyCommands(CLI::App* app, Context* context);   // policies, policy overlap, conflicts, gaps
void AddGroupCommands(CLI::App* app, Context* context);    // group members, missing groups
void AddAnswerCommands(CLI::App* app, Context* context);   // acknowledgements, concerns, sample members
void AddAcknowledgeCommand(CLI::App* app, Context* context);

// Runs the command that was named. A name that stands where an id of a register is asked is looked up first, and told on
// stderr. An id costs no question: only a command that found no such item is run again with what the text names.
// INVALID_ARGUMENT where several items fit. A command that signs takes whole names, and no parts of them.
StatusOr<Exit> RunNamed(const CLI::App& app, Context* context);

// Sets `run` for when this subcommand is named.
void OnRun(CLI::App* command, Context* context, Command run);

}  // namespace fundtrail::cli
