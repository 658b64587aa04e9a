// submit, sign and cosign: entries written by hand, or signed elsewhere. `pay` and `reverse` stand in files of their own
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/commands/yaml.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/tree/proof.h"

namespace fundtrail::cli {
namespace {

constexpr char kReceiptStart[] = "c2sp.org/tlog-proof@";  // of any version: what it is, ParseProof says

bool IsSigned(const std::string& bytes) {
  v1::SignedEntry signed_entry;
  return signed_entry.ParseFromString(bytes) && signed_entry.signatures_size() > 0;
}

bool LooksLikeJson(const std::string& text) {
  const auto at = text.find_first_not_of(" \t\r\n");
  return at != std::string::npos && text[at] == '{';
}

// By its name; standard input has none.
bool MayBeYaml(const std::string& file) {
  return absl::EndsWith(file, ".yaml") || absl::EndsWith(file, ".yml") || file == "-";
}

// What the file leaves out: the ledger, the author, the id, the date.
Status Complete(const std::string& ledger, const std::string& author, const Signing& signing,
                v1::Entry* entry) {
  if (entry->ledger().empty()) entry->set_ledger(ledger);
  if (entry->author().empty()) entry->set_author(author);
  if (!signing.memo.empty()) {
    if (!entry->memo().empty() && entry->memo() != signing.memo)
      return absl::InvalidArgumentError("the entry has a memo of its own: leave out --memo");
    entry->set_memo(signing.memo);
  }
  if (!signing.author.empty() && entry->author() != signing.author)
    return absl::InvalidArgumentError(
        absl::StrCat("the entry is by ", entry->author(), ", not by --as ", signing.author));
  if (!signing.date.empty() && !entry->date().empty() && entry->date() != signing.date)
    return absl::InvalidArgumentError(
        absl::StrCat("the entry has the date ", entry->date(), ": leave out --date"));
  if (!signing.id.empty() && !entry->id().empty())
    return absl::InvalidArgumentError("the entry has an id of its own: leave out --id");
  if (entry->id().empty()) {
    FT_ASSIGN_OR_RETURN(*entry->mutable_id(), EntryIdFrom(signing.id));
  }
  if (entry->date().empty()) {
    FT_ASSIGN_OR_RETURN(const Date date, DateFor(signing.date));
    entry->set_date(ToString(date));
  }
  return absl::OkStatus();
}

// A file that was signed elsewhere.
Outgoing SignedBefore(const std::string& bytes) {
  Outgoing outgoing;
  v1::SignedEntry signed_entry;
  // Of what is no entry the ledger says so.
  if (signed_entry.ParseFromString(bytes)) (void)outgoing.entry.ParseFromString(signed_entry.entry());
  outgoing.bytes = bytes;
  outgoing.id_in_file = outgoing.date_in_file = true;
  return outgoing;
}

// A receipt holds the record, and that the entry as it was signed: a ledger that lost it takes it again.
StatusOr<Outgoing> SignedInReceipt(const std::string& file, const std::string& text) {
  const auto proof = tree::ParseProof(text);
  if (!proof.ok()) return Annotate(proof.status(), file);
  const auto record = log::ParseRecord(proof->extra);
  if (!record.ok() || record->signed_entry().signatures().empty())
    return absl::InvalidArgumentError(absl::StrCat(file, " is a tlog-proof that carries no signed entry"));
  return SignedBefore(model::SerialiseDeterministic(record->signed_entry()));
}

StatusOr<Outgoing> OutgoingFrom(const Context& context, const std::string& file, const std::string& text,
                                const Signing& signing, Connection* connection) {
  if (absl::StartsWith(text, kReceiptStart)) return SignedInReceipt(file, text);
  if (IsSigned(text)) return SignedBefore(text);  // asked first: its bytes may begin as JSON does, with 0A 7B
  if (!LooksLikeJson(text) && !MayBeYaml(file)) {
    return absl::InvalidArgumentError(absl::StrCat(file,
                                                   " is neither an Entry in protobuf JSON, nor FILE.yaml, "
                                                   "nor a receipt, nor a file that `fundtrail sign` "
                                                   "made"));
  }
  if (signing.key_file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, " is not signed: give --key FILE, or sign it with `fundtrail sign`"));
  }
  FT_ASSIGN_OR_RETURN(auto entry, ParseEntry(file, text));
  FT_ASSIGN_OR_RETURN(auto key, LoadKey(context, signing));
  std::string author = entry.author();
  if (author.empty()) {
    FT_ASSIGN_OR_RETURN(author, AuthorFor(connection, signing, key));
  }
  FT_ASSIGN_OR_RETURN(const std::string ledger, NameOf(connection));
  const bool id_in_file = !entry.id().empty(), date_in_file = !entry.date().empty();
  FT_RETURN_IF_ERROR(Complete(ledger, author, signing, &entry));
  FT_RETURN_IF_ERROR(CheckNumbers(signing, entry));
  FT_ASSIGN_OR_RETURN(auto outgoing, SignOutgoing(std::move(entry),
                                                  std::make_shared<const crypto::SigningKey>(std::move(key)),
                                                  date_in_file || !signing.date.empty()));
  outgoing.id_in_file = id_in_file;
  outgoing.date_in_file = date_in_file;
  return outgoing;
}

StatusOr<Exit> Submit(const Context& context, const std::string& file, bool dry_run, const Signing& signing) {
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxEntryFile));
  if (dry_run && !signing.receipt_file.empty())
    return absl::InvalidArgumentError("--dry-run writes nothing: there is no receipt for it");
  FT_RETURN_IF_ERROR(CheckReceiptFile(signing));
  FT_ASSIGN_OR_RETURN(const auto connection,
                      Connection::Open(context, dry_run ? Access::kAsk : Access::kWrite));
  FT_ASSIGN_OR_RETURN(const auto outgoing, OutgoingFrom(context, file, text, signing, connection.get()));
  if (!dry_run) return SendAndPrint(context, signing, connection.get(), outgoing);
  return TryAndPrint(context, connection.get(), outgoing);
}

StatusOr<Exit> Sign(const Context& context, const std::string& file, const std::string& out,
                    const Signing& signing) {
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxEntryFile));
  FT_ASSIGN_OR_RETURN(auto entry, ParseEntry(file, text));
  if (entry.ledger().empty() || (entry.author().empty() && signing.author.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, " must name its `ledger` and `author`: offline nothing else can"));
  }
  FT_RETURN_IF_ERROR(Complete(entry.ledger(), signing.author, signing, &entry));
  FT_RETURN_IF_ERROR(CheckNumbers(signing, entry));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, signing));
  FT_RETURN_IF_ERROR(NameSigners(signing, key.public_key(), &entry));
  FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(std::move(entry), key));
  FT_RETURN_IF_ERROR(WriteNewFile(out, model::SerialiseDeterministic(signed_entry)));
  PrintSigned(
      context, out, signed_entry,
      render::Say("Signed by {}: {}\n{}", key.public_key().hex(), out, StillToSign(out, signed_entry)));
  return Exit::kYes;
}

StatusOr<Exit> Cosign(const Context& context, const std::string& file, const Signing& signing) {
  // It is replaced by what is written, which a pipe cannot be.
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kMaxEntryFile, Pipes::kRefused));
  auto decoded = model::DecodeUnfinishedEntry(bytes);
  if (!decoded.ok()) return Annotate(decoded.status(), file);
  FT_RETURN_IF_ERROR(CheckNumbers(signing, decoded->entry));
  v1::SignedEntry signed_entry = std::move(decoded->signed_entry);
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, signing));
  const Status added = model::AddSignature(&signed_entry, key);
  if (absl::IsInvalidArgument(added)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ", std::string(added.message()),
                     "; who is to sign is named when the entry is made, with --cosigner"));
  }
  FT_RETURN_IF_ERROR(added);
  const std::string beside = file + ".part";
  FT_RETURN_IF_ERROR(WriteNewFile(beside, model::SerialiseDeterministic(signed_entry)));
  if (rename(beside.c_str(), file.c_str()) != 0)
    return absl::UnavailableError(absl::StrCat("cannot replace ", file));
  PrintSigned(
      context, file, signed_entry,
      render::Say("Signed by {} too: {}\n{}", key.public_key().hex(), file, StillToSign(file, signed_entry)));
  return Exit::kYes;
}

}  // namespace

StatusOr<v1::Entry> ParseEntry(const std::string& file, const std::string& text) {
  v1::Entry entry;
  std::string json = text;
  if (!LooksLikeJson(text) && MayBeYaml(file)) {
    auto read = YamlToJson(text);
    if (!read.ok())
      return absl::InvalidArgumentError(absl::StrCat(file, " ", std::string(read.status().message())));
    json = *std::move(read);
  }
  const Status status = model::ReadProtobufJson(json, &entry);
  if (status.ok()) return entry;
  const std::string why(status.message());
  // Protocol Buffers name the type of the field alone.
  const bool whole =
      why.find("TYPE_INT64") != std::string::npos || why.find("TYPE_UINT64") != std::string::npos;
  return absl::InvalidArgumentError(absl::StrCat(
      file, " is not an Entry, as protobuf JSON or the same in YAML: ", why,
      whole ? "; a whole number belongs there, and amounts count the asset's smallest unit: 150 for 1.50 of "
              "an asset with two decimals"
            : ""));
}

void AddEntryCommands(CLI::App* app, Context* context) {
  AddPayCommand(app, context);
  AddReverseCommand(app, context);

  auto file = std::make_shared<std::string>();
  auto signing = std::make_shared<Signing>();
  auto* submit =
      app->add_subcommand("submit", "Sends one entry that was written by hand, or signed elsewhere");
  submit
      ->add_option(
          "FILE", *file,
          "An entry as JSON, as YAML (FILE.yaml) or as `sign` wrote it, or a receipt of one. - is standard "
          "input")
      ->required();
  auto dry_run = std::make_shared<bool>(false);
  submit->add_flag("--dry-run", *dry_run, "Checks the entry against the rules, and writes nothing");
  AddSigning(submit, signing.get());
  AddReceipt(submit, signing.get());
  submit->get_option("--key")->required(false);
  submit->footer("Example: fundtrail --ledger DIR submit entry.json --key clerk.key --dry-run");
  OnRun(submit, context, [=] { return Submit(*context, *file, *dry_run, *signing); });

  auto* sign = app->add_subcommand("sign", "Signs an entry, without a ledger");
  auto out = std::make_shared<std::string>();
  sign->add_option("FILE", *file, "An entry as JSON, or as YAML (FILE.yaml)")->required();
  sign->add_option("--out", *out, "The file to make, with the signed entry. Nothing is overwritten")
      ->required();
  AddSigning(sign, signing.get());
  AddCosigner(sign, signing.get());
  sign->footer("Example: fundtrail sign entry.json --key clerk.key --out entry.signed");
  OnRun(sign, context, [=] { return Sign(*context, *file, *out, *signing); });

  auto* cosign = app->add_subcommand("cosign", "Adds the signature of another key that the entry names");
  cosign->add_option("FILE", *file, "The signed entry, as `sign` or --out wrote it")->required();
  cosign->add_option("--key", signing->key_file, "The key file to sign with")->required();
  cosign->add_option("--passphrase-file", signing->passphrase_file,
                     "A file whose first line is the passphrase of the key");
  cosign->add_flag("--not-personal", signing->not_personal,
                   "Signs although a text looks like an identity, bank-card or mobile number. You confirm "
                   "that it is not a person's");
  cosign->footer("Example: fundtrail cosign entry.signed --key director.key");
  OnRun(cosign, context, [=] { return Cosign(*context, *file, *signing); });
}

}  // namespace fundtrail::cli
