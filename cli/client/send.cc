// See send.h.
#include "cli/client/send.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/client_retry.h"
#include "cli/client/names.h"
#include "cli/client/questions.h"
#include "cli/client/who_may.h"
#include "cli/render/answers.h"
#include "cli/render/style.h"
#include "fmt/format.h"
#include "ledger/audit/receipt.h"
#include "ledger/base/date.h"
#include "ledger/base/files.h"
#include "ledger/intake/personal_numbers.h"
#include "ledger/model/bounds.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

constexpr int kMaxTransfersTold = 10;
constexpr int kMaxItemsTold = 5;  // that an entry registers, amends or says something of

// Waits a minute for the witnesses to come to it, when it must be cosigned.
StatusOr<v1::ProveAnswer> ProveSoon(Connection* connection, std::uint64_t record, bool must_be_cosigned) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (true) {
    auto answer = ProveRecord(connection, record, must_be_cosigned);
    if (!absl::IsFailedPrecondition(answer.status()) || connection->own() != nullptr ||
        std::chrono::steady_clock::now() > until)
      return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

// The receipt of a record that was just written (or was there already), with the entry that was sent.
Status SaveReceipt(Connection* connection, const v1::Receipt& receipt, const Bytes& signed_entry,
                   const Signing& signing) {
  FT_ASSIGN_OR_RETURN(const auto answer, ProveSoon(connection, receipt.record(), signing.cosigned));
  FT_ASSIGN_OR_RETURN(const std::string text, audit::MakeReceipt(answer));
  v1::Record record;
  v1::SignedEntry sent;
  if (!record.ParseFromString(answer.record()) || !sent.ParseFromString(signed_entry) ||
      record.signed_entry().entry() != sent.entry()) {
    return absl::DataLossError(
        fmt::format("record {} does not hold the entry that was sent", receipt.record()));
  }
  return WriteNewFile(signing.receipt_file, text);
}

StatusOr<v1::Receipt> SendOrTellHow(Connection* connection, const Outgoing& outgoing) {
  bool unanswered = false;
  auto receipt = Send(connection, outgoing.bytes, &unanswered);
  const bool refused = model::RefusalOf(receipt.status()).has_value();
  if (receipt.ok() || refused || !unanswered) return receipt;
  return TellHow(receipt.status(), outgoing);
}

// Of a key whose grants were all taken back: that somebody decided so, and in which record.
Status TellTakenBack(Connection* connection, const crypto::PublicKey& key) {
  v1::KeysRequest request;
  request.set_public_key(std::string(key.view()));
  request.set_all(true);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeKeys(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (answer.keys_size() == 0) return absl::OkStatus();
  const auto& last =
      *std::max_element(answer.keys().begin(), answer.keys().end(),
                        [](const auto& one, const auto& other) { return one.revoked() < other.revoked(); });
  return absl::InvalidArgumentError(fmt::format(
      "what the key {} could do for {} was taken back by record {}: `fundtrail WHERE key show {}` "
      "shows all of it; sign with another key",
      key.hex(), last.party(), last.revoked(), key.hex()));
}

}  // namespace

StatusOr<Bytes> EntryIdFrom(const std::string& hex) {
  if (!hex.empty()) {
    const auto id = HexDecode(hex);
    if (id.ok() && id->size() == model::kEntryIdBytes) return *id;
    return absl::InvalidArgumentError("--id takes 32 hex digits");
  }
  Bytes id(model::kEntryIdBytes, '\0');
  crypto::SystemRandom()({reinterpret_cast<std::uint8_t*>(id.data()), id.size()});
  return id;
}

StatusOr<std::string> AuthorFor(Connection* connection, const Signing& signing,
                                const crypto::SigningKey& key) {
  if (!signing.author.empty()) return signing.author;
  v1::KeysRequest request;
  request.set_public_key(std::string(key.public_key().view()));
  FT_ASSIGN_OR_RETURN(const auto answer, WholeKeys(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (answer.keys_size() == 1) return answer.keys(0).party();
  const std::string hex = key.public_key().hex();
  if (answer.keys_size() == 0) {
    FT_RETURN_IF_ERROR(TellTakenBack(connection, key.public_key()));
    return absl::InvalidArgumentError(
        fmt::format("the key {} may sign for no party of this ledger yet. Whoever has a root key (`fundtrail "
                    "WHERE key list` shows "
                    "them) runs `fundtrail WHERE key authorise {} --party PARTY --can pay --key ROOT.key`",
                    hex, hex));
  }
  constexpr int kMaxPartiesTold = 10;
  std::string parties;
  for (int i = 0; i < std::min(answer.keys_size(), kMaxPartiesTold); ++i)
    parties += (i == 0 ? "" : ", ") + answer.keys(i).party();
  if (answer.keys_size() > kMaxPartiesTold) parties += " and others";
  return absl::InvalidArgumentError(
      fmt::format("the key may sign for {} parties ({}): give --as PARTY", answer.keys_size(), parties));
}

StatusOr<v1::Receipt> Send(Connection* connection, const Bytes& signed_entry, bool* unanswered) {
  v1::SubmitRequest request;
  request.set_signed_entry(signed_entry);
  ClientRetry retry(connection);
  *unanswered = false;
  while (true) {
    auto receipt = SubmitOnce(connection, request);
    *unanswered = *unanswered || MayBeTaken(receipt.status());
    if (receipt.ok()) {
      connection->HasSeen(receipt->record() + 1);
      return receipt;
    }
    if (!retry.WaitForNext(receipt.status())) return retry.LastError(receipt.status());
  }
}

namespace {

bool HasSigned(const v1::SignedEntry& signed_entry, int signer) {
  return signer < signed_entry.signatures_size() && !signed_entry.signatures(signer).empty();
}

}  // namespace

render::Shown StillToSign(const std::string& file, const v1::SignedEntry& signed_entry) {
  v1::Entry entry;
  (void)entry.ParseFromString(signed_entry.entry());
  render::Shown text;
  for (int i = 0; i < entry.signers_size(); ++i) {
    if (!HasSigned(signed_entry, i))
      text += render::Say("Still to sign: key {}\n", HexEncode(entry.signers(i)));
  }
  if (text.empty()) return render::Say("`fundtrail WHERE submit {}` sends it.\n", file);
  return text + render::Say("They do so with `fundtrail cosign {} --key KEY`.\n", file);
}

void PrintSigned(const Context& context, const std::string& file, const v1::SignedEntry& signed_entry,
                 const render::Shown& text, const std::vector<std::string>& warnings) {
  if (!context.json) return Print(context, text);
  v1::Entry entry;
  (void)entry.ParseFromString(signed_entry.entry());
  nlohmann::json json = {{"file", file},
                         {"id", HexEncode(entry.id())},
                         {"keys", nlohmann::json::array()},
                         {"missing", nlohmann::json::array()}};
  for (int i = 0; i < entry.signers_size(); ++i)
    json[HasSigned(signed_entry, i) ? "keys" : "missing"].push_back(HexEncode(entry.signers(i)));
  json["signatures"] = json["keys"].size();
  if (!warnings.empty()) json["warnings"] = warnings;
  // A file's name need not be UTF-8.
  PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Status CheckNumbers(const Signing& signing, const v1::Entry& entry) {
  if (signing.not_personal) return absl::OkStatus();
  return intake::TellPersonalNumber(intake::FindPersonalNumber(entry));
}

Status CheckReceiptFile(const Signing& signing) {
  std::error_code error;
  if (signing.receipt_file.empty()) return absl::OkStatus();
  if (!std::filesystem::exists(signing.receipt_file, error)) {
    Status can = CheckCanMake(signing.receipt_file);
    if (can.ok()) return can;
    return Status(can.code(), absl::StrCat("--receipt: nothing was sent: ", can.message()));
  }
  return absl::InvalidArgumentError(fmt::format(
      "{} is there already, and a receipt is never overwritten: nothing was sent; choose another name",
      signing.receipt_file));
}

render::Shown WhatWasPaid(Connection* connection, std::uint64_t record, const Bytes& leaf_hash,
                          const v1::Entry& entry) {
  const bool pays = std::any_of(entry.actions().begin(), entry.actions().end(),
                                [](const v1::Action& action) { return action.has_transfer(); });
  if (!pays) return {};
  v1::ShowRequest request;
  request.mutable_ref()->set_record(record);
  const auto shown = AskShow(connection, request);
  if (!shown.ok() || shown->index() != record || shown->leaf_hash() != leaf_hash) return {};
  render::Shown text;
  for (int i = 0; i < shown->transfers_size() && i < kMaxTransfersTold; ++i) {
    const v1::TransferLine& line = shown->transfers(i);
    const v1::Transfer& transfer = line.transfer();
    const std::string amount = render::Money(transfer.amount(), line.decimals());
    const std::string ref = model::RefText(line.ref());
    if (transfer.has_returns() && transfer.stage() == v1::STAGE_COMMITTED) {  // no money moved
      text += render::Say("Took back {} {} that was committed and not paid, {} -> {}, {}\n", amount,
                          transfer.asset(), line.from_name(), line.to_name(), ref);
    } else if (transfer.has_returns()) {
      text += render::Say("Sent back {} {}, {} -> {}, {}\n", amount, transfer.asset(), line.from_name(),
                          line.to_name(), ref);
    } else if (transfer.kind() == v1::TRANSFER_KIND_RECLASSIFICATION) {  // nobody was paid
      text += render::Say("Moved {} {} of {}, {}\n", amount, transfer.asset(), line.from_name(), ref);
    } else if (transfer.kind() == v1::TRANSFER_KIND_EXCHANGE) {
      text += render::Say("Exchanged {} {} of {}, {}\n", amount, transfer.asset(), line.from_name(), ref);
    } else if (transfer.stage() == v1::STAGE_COMMITTED) {
      text += render::Say("Committed {} {}, {} -> {}, {}\n", amount, transfer.asset(), line.from_name(),
                          line.to_name(), ref);
    } else {
      text += render::Say("Paid {} {}, {} -> {}, {}\n", amount, transfer.asset(), line.from_name(),
                          line.to_name(), ref);
    }
  }
  if (shown->transfers_size() > kMaxTransfersTold)
    text +=
        render::Say("and {} more: `show {}` has all\n", shown->transfers_size() - kMaxTransfersTold, record);
  return text;
}

namespace {

// What the entry says beside its transfers: "Recorded: party village: Village East; parent office; role recipient".
render::Shown ItemsTold(const v1::Entry& entry, bool recorded) {
  render::Shown text;
  int told = 0, more = 0;
  for (const v1::Action& action : entry.actions()) {
    const render::Shown words = render::ActionText(action);
    if (words.empty()) continue;
    if (told == kMaxItemsTold) {
      ++more;
      continue;
    }
    ++told;
    text += recorded ? render::Say("Recorded: {}\n", words) : render::Say("Would record: {}\n", words);
  }
  return more == 0 ? text : text + render::Say("and {} more\n", more);
}

// A record that is of tomorrow for this machine: its ledger's clock is ahead, or this one behind. Times of records never go back, so it
// is worth knowing at once.
void TellOfClock(const Context& context, const v1::Receipt& receipt, std::vector<std::string>* warnings) {
  const auto today = DateFor("");
  const Date recorded = DateOf(Timestamp(receipt.recorded_micros()));
  if (!today.ok() || receipt.repeated() || recorded.days() <= today->days() + 1) return;
  warnings->push_back(absl::StrCat("the record has the time of ", ToString(recorded),
                                   ", and this machine's clock says ", ToString(*today),
                                   ": one of the two clocks is wrong"));
  Warn(context.language, warnings->back());
}

}  // namespace

StatusOr<Exit> SendAndPrint(const Context& context, const Signing& signing, Connection* connection,
                            const Outgoing& outgoing) {
  auto warnings = TellOfNames(connection, outgoing.entry);
  Bytes sent = outgoing.bytes;
  auto answer = SendOrTellHow(connection, outgoing);
  FT_ASSIGN_OR_RETURN(const auto before, OfAnotherDay(connection, outgoing, answer.status()));
  if (before.has_value()) {
    sent = before->bytes;
    answer = SendOrTellHow(connection, *before);
  }
  if (!answer.ok()) return WithWhoMay(connection, outgoing.entry, answer.status());
  const v1::Receipt receipt = *std::move(answer);
  TellOfClock(context, receipt, &warnings);
  if (!signing.receipt_file.empty()) {
    const Status saved = SaveReceipt(connection, receipt, sent, signing);
    if (!saved.ok()) {
      return Annotate(saved,
                      fmt::format("record {} stands, but it has no receipt yet (`fundtrail proof {} --out "
                                  "FILE` makes it)",
                                  receipt.record(), receipt.record()));
    }
  }
  auto end = PrintAnswer(
      context, receipt,
      [&] {
        const render::Shown file = signing.receipt_file.empty()
                                       ? render::Shown()
                                       : render::Say("receipt   {}\n", signing.receipt_file);
        return render::Say("Record {}, {}{}\nleaf hash {}\n{}", receipt.record(),
                           ToString(Timestamp(receipt.recorded_micros())),
                           receipt.repeated() ? " (it was in the ledger already)" : "",
                           HexEncode(receipt.leaf_hash()), file);
      },
      warnings);
  if (context.json) return end;
  Print(context, ItemsTold(outgoing.entry, /*recorded=*/true));
  std::fflush(stdout);  // the ledger may take its time for the rest
  Print(context, WhatWasPaid(connection, receipt.record(), receipt.leaf_hash(), outgoing.entry));
  return end;
}

namespace {

// The items of these ids; an error where the ledger has one of them not.
StatusOr<std::map<std::string, v1::Action>> ItemsNow(Connection* connection, const char* of,
                                                     const std::set<std::string>& ids) {
  v1::RegistersRequest request;
  request.set_register_(of);
  for (const std::string& id : ids) request.add_ids(id);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  std::map<std::string, v1::Action> items;
  for (const v1::RegisterLine& line : answer.lines()) items[model::IdOf(line.action())] = line.action();
  for (const std::string& id : ids)
    if (items.count(id) == 0)
      return absl::InternalError("the server answered without the item that was asked for");
  return items;
}

// "Would pay 5.00 CNY, A -> B": in the names and decimals of the ledger. Empty where it does not have them all: an entry may
// register whom it pays.
render::Shown WhatWouldBePaid(Connection* connection, const v1::Entry& entry) {
  std::vector<const v1::Transfer*> transfers;
  std::set<std::string> ids, codes;
  int more = 0;
  for (const v1::Action& action : entry.actions()) {
    if (!action.has_transfer()) continue;
    if (static_cast<int>(transfers.size()) == kMaxTransfersTold) {
      ++more;
      continue;
    }
    transfers.push_back(&action.transfer());
    ids.insert({action.transfer().from(), action.transfer().to()});
    codes.insert(action.transfer().asset());
  }
  if (transfers.empty()) return {};
  const auto parties = ItemsNow(connection, "party", ids);
  const auto assets = ItemsNow(connection, "asset", codes);
  if (!parties.ok() || !assets.ok()) return {};
  render::Shown text;
  for (const v1::Transfer* transfer : transfers) {
    const std::string& from = parties->at(transfer->from()).register_party().name();
    const std::string& to = parties->at(transfer->to()).register_party().name();
    const std::string amount =
        render::Money(transfer->amount(), assets->at(transfer->asset()).declare_asset().decimals());
    if (transfer->has_returns() && transfer->stage() == v1::STAGE_COMMITTED) {
      text += render::Say("Would take back {} {} that is committed and not paid, {} -> {}\n", amount,
                          transfer->asset(), from, to);
    } else if (transfer->has_returns()) {
      text += render::Say("Would send back {} {}, {} -> {}\n", amount, transfer->asset(), from, to);
    } else if (transfer->kind() == v1::TRANSFER_KIND_RECLASSIFICATION) {  // nobody would be paid
      text += render::Say("Would move {} {} of {}\n", amount, transfer->asset(), from);
    } else if (transfer->kind() == v1::TRANSFER_KIND_EXCHANGE) {
      text += render::Say("Would exchange {} {} of {}\n", amount, transfer->asset(), from);
    } else if (transfer->stage() == v1::STAGE_COMMITTED) {
      text += render::Say("Would commit {} {}, {} -> {}\n", amount, transfer->asset(), from, to);
    } else {
      text += render::Say("Would pay {} {}, {} -> {}\n", amount, transfer->asset(), from, to);
    }
  }
  return more == 0 ? text : text + render::Say("and {} more\n", more);
}

}  // namespace

StatusOr<Exit> TryAndPrint(const Context& context, Connection* connection, const Outgoing& outgoing) {
  v1::SubmitRequest request;
  request.set_signed_entry(outgoing.bytes);
  const auto warnings = TellOfNames(connection, outgoing.entry);
  const auto record = AskTry(connection, request);
  if (!record.ok()) return WithWhoMay(connection, outgoing.entry, record.status());
  auto end = PrintAnswer(
      context, *record,
      [&] {
        const int transfers = record->outcome().transfers_size();
        return transfers == 1
                   ? render::Say(
                         "The rules take it: it would be record {} with 1 transfer. Nothing was written.\n",
                         record->index())
                   : render::Say(
                         "The rules take it: it would be record {} with {} transfers. Nothing was written.\n",
                         record->index(), transfers);
      },
      warnings);
  if (!context.json)
    Print(context,
          ItemsTold(outgoing.entry, /*recorded=*/false) + WhatWouldBePaid(connection, outgoing.entry));
  return end;
}

StatusOr<Exit> SignAndSend(const Context& context, const Signing& signing, const Fill& fill) {
  FT_RETURN_IF_ERROR(CheckReceiptFile(signing));
  FT_ASSIGN_OR_RETURN(auto loaded, LoadKey(context, signing));
  const auto key = std::make_shared<const crypto::SigningKey>(std::move(loaded));
  const bool sends = signing.out_file.empty();
  if (!sends && !signing.receipt_file.empty())
    return absl::InvalidArgumentError("--out sends nothing, so there is no receipt: give one of them");
  if (signing.dry_run && !signing.receipt_file.empty())
    return absl::InvalidArgumentError("--dry-run writes nothing: there is no receipt for it");
  FT_ASSIGN_OR_RETURN(const auto connection,
                      Connection::Open(context, sends && !signing.dry_run ? Access::kWrite : Access::kAsk));
  v1::Entry entry;
  FT_ASSIGN_OR_RETURN(*entry.mutable_ledger(), NameOf(connection.get()));
  FT_ASSIGN_OR_RETURN(*entry.mutable_author(), AuthorFor(connection.get(), signing, *key));
  FT_ASSIGN_OR_RETURN(*entry.mutable_id(), EntryIdFrom(signing.id));
  FT_ASSIGN_OR_RETURN(const Date date, DateFor(signing.date));
  entry.set_date(ToString(date));
  entry.set_memo(signing.memo);
  FT_RETURN_IF_ERROR(fill(connection.get(), entry.author(), &entry));
  FT_RETURN_IF_ERROR(CheckNumbers(signing, entry));
  FT_RETURN_IF_ERROR(NameSigners(signing, key->public_key(), &entry));
  FT_ASSIGN_OR_RETURN(const auto outgoing, SignOutgoing(std::move(entry), key, !signing.date.empty()));
  if (signing.dry_run) return TryAndPrint(context, connection.get(), outgoing);
  if (sends) return SendAndPrint(context, signing, connection.get(), outgoing);
  FT_RETURN_IF_ERROR(WriteNewFile(signing.out_file, outgoing.bytes));
  v1::SignedEntry written;
  written.ParseFromString(outgoing.bytes);
  PrintSigned(context, signing.out_file, written,
              render::Say("Signed by {}: {}\n{}", key->public_key().hex(), signing.out_file,
                          StillToSign(signing.out_file, written)),
              TellOfNames(connection.get(), outgoing.entry));
  return Exit::kYes;
}

}  // namespace fundtrail::cli
