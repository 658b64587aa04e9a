// What departments send: signed entries, and records as a store may hold them. What is taken is the one
// serialisation of itself. Signatures rarely survive a mutation, so entries are tried without them too.
#include "google/protobuf/stubs/logging.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/entry_form.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail;
  static const auto silent = google::protobuf::SetLogHandler(nullptr);  // bad UTF-8 is what this is about
  (void)silent;
  const std::string_view bytes = AsText(data, size);
  const auto decoded = model::DecodeSignedEntry(bytes);
  if (decoded.ok()) {
    FUZZ_CHECK(model::SerialiseDeterministic(decoded->signed_entry) == bytes);
    FUZZ_CHECK(model::SerialiseDeterministic(decoded->entry) == decoded->signed_entry.entry());
    FUZZ_CHECK(!model::HasUnknownFields(decoded->entry));
    FUZZ_CHECK(model::CheckEntry(decoded->entry).ok());
  }
  // One entry, one encoding: what is taken is written again as the same bytes. Of what can be read at all exactly
  // the bytes that it is written again as are taken.
  const auto taken = model::ParseEntry(bytes);
  if (taken.ok()) FUZZ_CHECK(model::SerialiseDeterministic(*taken) == bytes);
  v1::Entry entry;
  if (size < 100'000 && entry.ParseFromArray(data, static_cast<int>(size))) {
    (void)model::CheckEntry(entry).ok();
    const Bytes written = model::SerialiseDeterministic(entry);
    const bool known = !model::HasUnknownFields(entry);
    FUZZ_CHECK(model::ParseEntry(written).ok() == known);
    FUZZ_CHECK(taken.ok() == (known && written == bytes));
  } else {
    FUZZ_CHECK(size >= 100'000 || !taken.ok());
  }
  const auto record = log::ParseRecord(bytes);
  if (record.ok()) {
    if (model::IsOneEncoding(*record, bytes)) FUZZ_CHECK(model::SerialiseDeterministic(*record) == bytes);
    (void)model::DecodeUnfinishedEntry(model::SerialiseDeterministic(record->signed_entry())).ok();
  }
  return 0;
}
