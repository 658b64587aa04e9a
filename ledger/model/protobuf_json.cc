// See protobuf_json.h.
#include "ledger/model/protobuf_json.h"

#include "google/protobuf/util/json_util.h"

namespace fundtrail::model {

StatusOr<std::string> ProtobufJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return absl::InternalError("the message cannot be written as JSON");
  if (text.empty() || text.back() != '\n') text += "\n";
  return text;
}

}  // namespace fundtrail::model
