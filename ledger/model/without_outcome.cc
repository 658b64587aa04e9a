// See without_outcome.h.
#include "ledger/model/without_outcome.h"

#include "fundtrail/v1/record.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "ledger/model/bounds.h"

namespace fundtrail::model {

ByteView WithoutOutcome(ByteView record) {
  using google::protobuf::internal::WireFormatLite;
  constexpr std::uint32_t kOutcome =
      WireFormatLite::MakeTag(v1::Record::kOutcomeFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  if (record.size() > model::kMaxRecordBytes) return record;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(record.data()),
                                            static_cast<int>(record.size()));
  while (true) {
    const auto before = static_cast<std::size_t>(in.CurrentPosition());
    const std::uint32_t tag = in.ReadTag();
    if (tag == kOutcome) {
      std::uint32_t size = 0;
      const bool is_last =
          in.ReadVarint32(&size) && static_cast<std::size_t>(in.CurrentPosition()) + size == record.size();
      return is_last ? record.substr(0, before) : record;
    }
    if (tag == 0 || !WireFormatLite::SkipField(&in, tag)) return record;
  }
}

}  // namespace fundtrail::model
