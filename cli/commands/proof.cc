// proof, receipt verify, consistency
#include "ledger/tree/proof.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/client/trust.h"
#include "cli/context.h"
#include "cli/render/receipt.h"
#include "fmt/format.h"
#include "ledger/audit/receipt.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/tree/merkle.h"
#include "ledger/wire/checkpoints.h"

namespace fundtrail::cli {
namespace {

// That the record has the transfer which was asked for, if one was.
Status CheckLine(const v1::ProveAnswer& answer, std::uint32_t line) {
  FT_ASSIGN_OR_RETURN(const auto record, log::ParseRecord(answer.record()));
  if (line <= static_cast<std::uint32_t>(record.outcome().transfers_size())) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("record ", answer.index(), " has no transfer ", line));
}

StatusOr<Exit> Prove(const Context& context, const std::string& ref_text, const std::string& out,
                     bool cosigned) {
  FT_ASSIGN_OR_RETURN(const auto ref, ParseRefText(ref_text));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, ProveRecord(connection.get(), ref.record(), cosigned));
  if (answer.index() != ref.record())
    return absl::DataLossError("the server answered with the proof of another record");
  FT_RETURN_IF_ERROR(CheckLine(answer, ref.line()));
  FT_ASSIGN_OR_RETURN(const std::string text, audit::MakeReceipt(answer));
  FT_RETURN_IF_ERROR(WriteNewFile(out, text));
  return PrintAnswer(context, answer, [&] {
    return render::Say(
        "Record {} of {}, under the checkpoint of {} records: {}, {} bytes\n"
        "It is checked with: fundtrail receipt verify {} --vkey KEY\n",
        answer.index(), answer.as_of().ledger(), answer.as_of().size(), out, text.size(), out);
  });
}

// A receipt has ids and smallest units alone. Where a ledger is given too, it has the names and the decimals.
render::Shown InWordsOfLedger(const Context& context, const v1::ReceiptAnswer& answer) {
  if (!answer.holds() || (context.ledger_dir.empty() && context.server.empty())) return {};
  const auto connection = Connection::Open(context, Access::kAsk);
  if (!connection.ok()) return {};
  const render::Shown paid =
      WhatWasPaid(connection->get(), answer.index(), answer.leaf_hash(), answer.entry());
  if (paid.empty()) return {};
  return render::Say(
      "In the names and decimals of the ledger that you gave, which the receipt does not prove:\n{}", paid);
}

StatusOr<Exit> VerifyReceiptFile(const Context& context, const std::string& file, const Trust& trust) {
  FT_ASSIGN_OR_RETURN(const tree::Policy policy, PolicyOf(trust));
  // A file that is too long is no receipt: one byte more shows it.
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFront(file, tree::kMaxProofBytes + 1));
  const v1::ReceiptAnswer answer = audit::VerifyReceipt(text, policy);
  FT_ASSIGN_OR_RETURN(const Exit end, PrintAnswer(context, answer, [&] {
                        return render::Text(answer, context.style()) + InWordsOfLedger(context, answer);
                      }));
  // Another file was named than a receipt.
  if (answer.fault() == v1::RECEIPT_FAULT_NOT_A_PROOF) return Exit::kUsage;
  return answer.holds() ? end : Exit::kNo;
}

// A checkpoint of one side, from a file or the ledger. Its signatures are checked when a key was given.
struct Side {
  std::string name;
  tree::Checkpoint checkpoint;
  v1::CheckpointRef ref;
};

// Whether it is signed under the ledger's name, and by none of the keys that were given.
bool ByAnotherKey(const std::string& note, const tree::Policy& policy) {
  return std::all_of(policy.logs.begin(), policy.logs.end(), [&](const tree::PolicyKey& log) {
    const auto shown = audit::OpenPresented(note, log.key);
    return shown.ok() && !shown->unverified.empty();
  });
}

StatusOr<Side> Read(const std::string& name, const std::string& note,
                    const std::optional<tree::Policy>& policy) {
  Side side;
  side.name = name;
  StatusOr<tree::Checkpoint> checkpoint;
  if (policy.has_value()) {
    const auto accepted = tree::OpenUnderPolicy(*policy, note);
    checkpoint = accepted.ok() ? StatusOr<tree::Checkpoint>(accepted->checkpoint) : accepted.status();
  } else {
    const auto parsed = tree::ParseNote(note);
    checkpoint = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  }
  if (!checkpoint.ok() && policy.has_value() && ByAnotherKey(note, *policy))
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": it is signed by another key of that name than was given: if the ledger's key was rotated, "
        "give the one of that time as a further --vkey (`verify` and `ledger-key list` show them "
        "all)"));
  if (!checkpoint.ok()) return Annotate(checkpoint.status(), name);
  side.checkpoint = *std::move(checkpoint);
  side.ref = wire::ToRef(side.checkpoint);
  side.ref.set_note(note);
  return side;
}

// That the ledger which is asked is theirs: another's proofs say nothing of them.
Status CheckAsked(Connection* connection, const std::string& origin) {
  FT_ASSIGN_OR_RETURN(const std::string asked, NameOf(connection));
  if (asked == origin) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the ledger that was asked is ", Escaped(asked),
                                                 ", and the checkpoints are of ", Escaped(origin),
                                                 ": ask that one"));
}

// The ledger's word that the older is a beginning of the newer. That it fails convicts nobody: whoever is asked may give
// a wrong one.
Status AskForProof(Connection* connection, const Side& old_side, const Side& new_side,
                   v1::ConsistencyVerdict* verdict) {
  const auto none = [&](const std::string& why) {
    return absl::DataLossError(absl::StrCat("the ledger that was asked gives no proof that ", old_side.name,
                                            " is a beginning of ", new_side.name, ": ", why,
                                            "; its records can tell: verify --since"));
  };
  const tree::Checkpoint &older = old_side.checkpoint, &newer = new_side.checkpoint;
  v1::ConsistencyRequest request;
  request.set_old_size(older.size);
  request.set_new_size(newer.size);
  const auto answer = AskConsistency(connection, request);
  if (absl::IsOutOfRange(answer.status()))
    return none(absl::StrCat("it is shorter than ", new_side.name, " (", answer.status().message(), ")"));
  if (!answer.ok()) return answer.status();
  std::vector<Hash> proof;
  for (const auto& bytes : answer->proof()) {
    const auto hash = Hash::FromBytes(bytes);
    if (!hash.ok()) return none("what was answered are no hashes");
    proof.push_back(*hash);
    verdict->add_proof(bytes);
  }
  const Status consistent = tree::VerifyConsistency(older.size, newer.size, older.root, newer.root, proof);
  return consistent.ok() ? consistent : none(std::string(consistent.message()));
}

// Opens the connection when it is needed first: sizes and roots alone may decide.
using Connect = std::function<StatusOr<Connection*>()>;

// What is wrong between the two, or nothing. Of sizes and roots alone it is a fact; else a proof is asked for.
Status Compare(const Connect& connect, const Side& old_side, const Side& new_side,
               v1::ConsistencyVerdict* verdict) {
  const tree::Checkpoint &older = old_side.checkpoint, &newer = new_side.checkpoint;
  if (older.origin != newer.origin) {
    return absl::DataLossError(
        absl::StrCat("they are of two ledgers, ", Escaped(older.origin), " and ", Escaped(newer.origin)));
  }
  if (older.size > 0 && older.size < newer.size) {
    FT_ASSIGN_OR_RETURN(Connection* const connection, connect());
    FT_RETURN_IF_ERROR(CheckAsked(connection, newer.origin));
    return AskForProof(connection, old_side, new_side, verdict);
  }
  if (older.size > newer.size)
    return absl::DataLossError(
        absl::StrCat(new_side.name, " has ", newer.size, " records, and ", old_side.name, " has ", older.size,
                     ": records were taken away, this is an older copy, or the two are the wrong way round"));
  const Status consistent = tree::VerifyConsistency(older.size, newer.size, older.root, newer.root, {});
  if (consistent.ok()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(old_side.name, " is not a beginning of ", new_side.name, ": ", consistent.message()));
}

StatusOr<Exit> CompareCheckpoints(const Context& context, const std::string& old_file,
                                  const std::string& new_file, const Trust& trust) {
  std::optional<tree::Policy> policy;
  if (trust.vkeys.empty() && !trust.policy_file.empty())
    return absl::InvalidArgumentError("--policy needs --vkey: whose checkpoints are they?");
  if (!trust.vkeys.empty()) {
    FT_ASSIGN_OR_RETURN(policy, PolicyOf(trust));
  }
  FT_ASSIGN_OR_RETURN(const std::string old_note, ReadFile(old_file, tree::kMaxNoteBytes));
  FT_ASSIGN_OR_RETURN(const Side old_side, Read(old_file, old_note, policy));
  std::unique_ptr<Connection> opened;
  const Connect connect = [&]() -> StatusOr<Connection*> {
    if (opened == nullptr && context.ledger_dir.empty() && context.server.empty())
      return absl::InvalidArgumentError(
          "that one checkpoint continues the other, a ledger has to prove: give --ledger DIR or --server "
          "HOST:PORT");
    if (opened == nullptr) {
      FT_ASSIGN_OR_RETURN(opened, Connection::Open(context, Access::kAsk));
    }
    return opened.get();
  };
  std::string new_note, new_name = new_file;
  if (new_file.empty()) {
    FT_ASSIGN_OR_RETURN(Connection* const connection, connect());
    FT_ASSIGN_OR_RETURN(const auto answer, AskGetCheckpoint(connection, v1::CheckpointRequest()));
    const bool cosigned = !trust.policy_file.empty() && answer.has_cosigned();
    new_note = cosigned ? answer.cosigned().note() : answer.as_of().note();
    new_name = cosigned ? "the ledger's cosigned checkpoint" : "the ledger's present checkpoint";
  } else {
    FT_ASSIGN_OR_RETURN(new_note, ReadFile(new_file, tree::kMaxNoteBytes));
  }
  const auto new_side = Read(new_name, new_note, policy);
  // What the reader gave is his to mend; what the ledger answers does not hold.
  if (!new_side.ok() && new_file.empty()) return absl::DataLossError(new_side.status().message());
  if (!new_side.ok()) return new_side.status();
  v1::ConsistencyVerdict verdict;
  *verdict.mutable_old() = old_side.ref;
  *verdict.mutable_new_() = new_side->ref;
  verdict.set_signatures_checked(policy.has_value());
  const Status compared = Compare(connect, old_side, *new_side, &verdict);
  if (!compared.ok() && !absl::IsDataLoss(compared)) return compared;
  verdict.set_consistent(compared.ok());
  verdict.set_holds(compared.ok() && policy.has_value());
  verdict.set_problem(compared.ok() && !policy.has_value()
                          ? "sizes and roots fit, but nobody looked at who signed: give --vkey KEY"
                          : std::string(compared.message()));
  FT_ASSIGN_OR_RETURN(const Exit end,
                      PrintAnswer(context, verdict, [&] { return render::Text(verdict, context.style()); }));
  if (verdict.consistent() && !verdict.holds()) return Exit::kUsage;
  return verdict.holds() ? end : Exit::kNo;
}

}  // namespace

void AddProofCommands(CLI::App* app, Context* context) {
  auto* proof = app->add_subcommand("proof", "Writes a receipt of one record, which can be checked offline");
  auto ref = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  proof->add_option("REF", *ref, "The record, as 12, or that of a transfer, as 12.3")->required();
  proof->add_option("--out", *out, "The file to make. Nothing is overwritten")->required();
  auto cosigned = std::make_shared<bool>(false);
  proof->add_flag("--cosigned", *cosigned, "Only with a checkpoint that witnesses cosigned");
  proof->footer("Example: fundtrail --ledger DIR proof 12.3 --out payment.tlog-proof");
  OnRun(proof, context, [=] { return Prove(*context, *ref, *out, *cosigned); });

  auto* receipt = app->add_subcommand("receipt", "Receipts that somebody gave you");
  receipt->require_subcommand(1);
  receipt->fallthrough();
  auto* verify = receipt->add_subcommand("verify", "Checks a receipt offline, and says what it proves");
  auto file = std::make_shared<std::string>();
  auto trust = std::make_shared<Trust>();
  verify->add_option("FILE", *file, "The receipt")->required();
  AddVkeys(verify, trust.get())->required();
  AddPolicy(verify, trust.get());
  verify->footer(
      "Example: fundtrail receipt verify payment.tlog-proof --vkey \"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(verify, context, [=] { return VerifyReceiptFile(*context, *file, *trust); });

  auto* consistency = app->add_subcommand(
      "consistency", "Checks that a later checkpoint continues an earlier one that you kept");
  auto old_file = std::make_shared<std::string>();
  auto new_file = std::make_shared<std::string>();
  consistency->add_option("OLD", *old_file, "A file with the earlier checkpoint")->required();
  consistency->add_option(
      "NEW", *new_file,
      "A file with the later checkpoint; else the ledger's present one. Of two sizes, the ledger has to "
      "prove it");
  auto compared = std::make_shared<Trust>();
  AddVkeys(consistency, compared.get());
  AddPolicy(consistency, compared.get());
  consistency->footer("Example: fundtrail --server HOST:PORT consistency last-year.checkpoint --vkey KEY");
  OnRun(consistency, context, [=] { return CompareCheckpoints(*context, *old_file, *new_file, *compared); });
}

}  // namespace fundtrail::cli
