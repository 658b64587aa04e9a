// An item's fields as people write them: in a command line, a cell of a spreadsheet, a table.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// With which decimals amounts are shown (`amount_in` in form.proto): "12,500.00". An amount whose decimals nobody knows says
// so: "1250000 (smallest unit)".
struct AmountDecimals {
  AmountDecimals() = default;
  AmountDecimals(int of_own) : own(of_own) {}
  AmountDecimals(std::optional<int> of_own) : own(of_own) {}

  std::optional<int> own;                // of the item's own amounts
  std::map<std::string, int> of_assets;  // by asset, of amounts in the messages inside it
  bool commas = true;
};

// The values of a field, one text each; none when the field is empty. Values of an enum are "red-cross", a bool is "yes",
// and a message is its fields with "=" between them: "SCHEME=ID", "pupils=400". What is empty at its end is left out.
std::vector<std::string> FieldTexts(const google::protobuf::Message& item,
                                    const google::protobuf::FieldDescriptor& field,
                                    const AmountDecimals& decimals = {});

// Calls `take` with each amount of the item and the asset that it names, in the messages inside it too. The field is
// the item's own: the amount, or the one that holds the messages. An amount that names no asset is passed over.
Status EachAmount(const google::protobuf::Message& item,
                  const std::function<Status(const google::protobuf::FieldDescriptor& field,
                                             const std::string& asset)>& take);

// The decimals of the asset that an amount counts. The field is the item's own, as above. The code is empty when an
// amount of the item itself names none.
using DecimalsOf =
    std::function<StatusOr<int>(const google::protobuf::FieldDescriptor& field, const std::string& asset)>;

// Sets the field to what the texts say, and to nothing when there are none or the only one is empty. INVALID_ARGUMENT when
// a text says no value of the field. Bounds and references are for the ledger to check. An amount is read with so many
// decimals, at most kMaxDecimals.
Status SetField(google::protobuf::Message* item, const google::protobuf::FieldDescriptor& field,
                const std::vector<std::string>& texts, int decimals = 0);

// What is to be put into a field.
struct FieldValue {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::vector<std::string> texts;
};
// What is told of a field that could not be set.
using FieldFault =
    std::function<Status(const google::protobuf::FieldDescriptor& field, const Status& status)>;
// Sets several fields, amounts after all others: the item then says which asset they count. An amount that is not among the
// values is a fault when its asset changes. An error of `decimals_of` comes back as it is, another through `tell`.
Status SetFields(google::protobuf::Message* item, const std::vector<FieldValue>& values,
                 const DecimalsOf& decimals_of, const FieldFault& tell);

// Gives each field of a new item that is not among the stated ones its usual value, where it has one (`usual` in
// form.proto). `author` stands for "@author".
Status FillUsual(google::protobuf::Message* item,
                 const std::vector<const google::protobuf::FieldDescriptor*>& stated,
                 const std::string& author);

// Empties what an amendment that states these fields makes void (`unless` in form.proto): so a role that somebody states is
// not inferred any more.
void EmptyVoid(google::protobuf::Message* item,
               const std::vector<const google::protobuf::FieldDescriptor*>& stated);

// A field as an option has it, and a value of an enum: "valid-from", "red-cross".
std::string Dashed(std::string_view name);

}  // namespace fundtrail::model
