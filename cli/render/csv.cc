// See csv.h.
#include "cli/render/csv.h"

#include "google/protobuf/util/json_util.h"
#include "ledger/base/decimal.h"

namespace fundtrail::render {

std::string CsvLine(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    const std::string& field = fields[i];
    const bool quoted = field.find_first_of(",\"\r\n") != std::string::npos ||
                        (!field.empty() && (field.front() == ' ' || field.back() == ' '));
    if (!quoted) {
      line += field;
      continue;
    }
    line += '"';
    for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

std::string PlainMoney(std::int64_t amount, std::uint32_t decimals) {
  return FormatPlain(Amount(amount), static_cast<int>(decimals));
}

StatusOr<std::string> Json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return absl::InternalError("the answer cannot be written as JSON");
  if (text.empty() || text.back() != '\n') text += "\n";
  return text;
}

}  // namespace fundtrail::render
