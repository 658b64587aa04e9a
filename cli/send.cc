// See send.h.
#include "cli/send.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "fmt/format.h"
#include "ledger/model/entry.h"
#include "ledger/model/refusal.h"

namespace fundtrail::cli {

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

StatusOr<Exit> PrintReceipt(const Context& context, const v1::Receipt& receipt) {
  return PrintAnswer(context, receipt, [&] {
    return fmt::format(
        "Record {}, {}{}\nleaf hash {}\n", receipt.record(), ToString(Timestamp(receipt.recorded_micros())),
        receipt.repeated() ? " (it was in the ledger already)" : "", HexEncode(receipt.leaf_hash()));
  });
}

StatusOr<std::string> AuthorFor(Connection* connection, const Signing& signing,
                                const crypto::SigningKey& key) {
  if (!signing.author.empty()) return signing.author;
  v1::KeysRequest request;
  request.set_public_key(std::string(key.public_key().view()));
  FT_ASSIGN_OR_RETURN(const auto answer, Call(connection->ledger(), &v1::Ledger::Stub::Keys, request));
  if (answer.keys_size() == 1) return answer.keys(0).party();
  return absl::InvalidArgumentError(fmt::format(
      "whom does the key speak for? It is authorised for {} parties: give --as PARTY", answer.keys_size()));
}

StatusOr<v1::Receipt> Send(Connection* connection, const Bytes& signed_entry) {
  v1::SubmitRequest request;
  request.set_signed_entry(signed_entry);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  for (auto wait = std::chrono::milliseconds(100);;
       wait = std::min(2 * wait, std::chrono::milliseconds(5000))) {
    auto receipt = Call(connection->submission(), &v1::Submission::Stub::Submit, request);
    const bool passing =
        connection->own() == nullptr && (receipt.status().code() == absl::StatusCode::kUnavailable ||
                                         (receipt.status().code() == absl::StatusCode::kResourceExhausted &&
                                          !model::RefusalOf(receipt.status()).has_value()));
    if (receipt.ok() || !passing || std::chrono::steady_clock::now() + wait > until) return receipt;
    std::this_thread::sleep_for(wait);
  }
}

StatusOr<Exit> SignAndSend(const Context& context, const Signing& signing, const Fill& fill) {
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(signing));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  v1::Entry entry;
  FT_ASSIGN_OR_RETURN(*entry.mutable_ledger(), connection->Name());
  FT_ASSIGN_OR_RETURN(*entry.mutable_author(), AuthorFor(connection.get(), signing, key));
  FT_ASSIGN_OR_RETURN(*entry.mutable_id(), EntryIdFrom(signing.id));
  FT_ASSIGN_OR_RETURN(const Date date, DateFor(signing.date));
  entry.set_date(ToString(date));
  entry.set_memo(signing.memo);
  FT_RETURN_IF_ERROR(fill(connection.get(), entry.author(), &entry));
  FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(entry, key));
  FT_ASSIGN_OR_RETURN(const auto receipt,
                      Send(connection.get(), model::SerialiseDeterministic(signed_entry)));
  return PrintReceipt(context, receipt);
}

}  // namespace fundtrail::cli
