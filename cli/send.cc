// See send.h.
#include "cli/send.h"

#include "fmt/format.h"
#include "ledger/model/entry.h"
#include "nlohmann/json.hpp"

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

StatusOr<Exit> PrintReceipt(const Context& context, const log::Receipt& receipt) {
  if (context.json) {
    Print(nlohmann::json{{"record", std::to_string(receipt.record.value())},
                         {"recorded", ToString(receipt.recorded)},
                         {"leaf_hash", receipt.leaf_hash.hex()},
                         {"repeated", receipt.repeated},
                         {"checkpoint", receipt.checkpoint}}
              .dump(1) +
          "\n");
  } else {
    Print(fmt::format("Record {}, {}{}\nleaf hash {}\n", receipt.record.value(), ToString(receipt.recorded),
                      receipt.repeated ? " (it was in the ledger already)" : "", receipt.leaf_hash.hex()));
  }
  return Exit::kYes;
}

StatusOr<Exit> SignAndSend(const Context& context, const Signing& signing, const Fill& fill) {
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(signing));
  FT_ASSIGN_OR_RETURN(const std::string dir, LedgerDir(context));
  FT_ASSIGN_OR_RETURN(const auto ledger, log::OpenFolder(dir));
  FT_ASSIGN_OR_RETURN(const auto view, query::MakeView(ledger->store()));
  v1::Entry entry;
  entry.set_ledger(ledger->name());
  FT_ASSIGN_OR_RETURN(*entry.mutable_author(), AuthorFor(view, signing, key));
  FT_ASSIGN_OR_RETURN(*entry.mutable_id(), EntryIdFrom(signing.id));
  FT_ASSIGN_OR_RETURN(const Date date, DateFor(signing.date));
  entry.set_date(ToString(date));
  entry.set_memo(signing.memo);
  FT_RETURN_IF_ERROR(fill(view, entry.author(), &entry));
  FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(entry, key));
  FT_ASSIGN_OR_RETURN(const auto receipt,
                      ledger->AppendOne(model::SerialiseDeterministic(signed_entry), log::SystemClock()));
  return PrintReceipt(context, receipt);
}

}  // namespace fundtrail::cli
