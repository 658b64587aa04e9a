// See key_lines.h.
#include "ledger/wire/key_lines.h"

#include "ledger/tree/note.h"

namespace fundtrail::wire {

google::protobuf::RepeatedPtrField<v1::LedgerKeyLine> ToLines(const std::string& ledger,
                                                              const model::LedgerKeys& history) {
  google::protobuf::RepeatedPtrField<v1::LedgerKeyLine> lines;
  for (const model::LedgerKey& one : history) {
    auto* line = lines.Add();
    line->set_record(one.record.value());
    line->set_public_key(Bytes(one.row.key.view()));
    line->set_endorsed(one.row.endorsement.has_value());
    const auto key = tree::MakeVerifier(ledger, tree::KeyType::kEd25519, one.row.key);
    if (key.ok()) line->set_vkey(tree::FormatVkey(*key));
  }
  return lines;
}

}  // namespace fundtrail::wire
