// What the command line says of an item's fields, put into the form that model::SetFields reads: amounts as people write them,
// 3万元 or 1,000.50, and names of items inside a text of several parts, CNY=1,000=1=NAME.
#pragma once

#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "cli/context.h"
#include "google/protobuf/message.h"
#include "ledger/base/status.h"
#include "ledger/model/item_text.h"

namespace fundtrail::cli {

// The option that says a field.
std::string OptionOf(const google::protobuf::FieldDescriptor& field);
bool IsAmount(const google::protobuf::FieldDescriptor& field);

// How the texts of one item are read.
struct FieldReading {
  const Context& context;
  Connection* connection;
  model::DecimalsOf decimals_of;
  std::string asset_about;  // of the item that something is said about; empty: it has none
};

// INVALID_ARGUMENT, with the option, for an amount that may be two, or has the sign of another asset, and for a name of several
// items. The asset of an amount is the one that the command line names, or else that of `item`. What is no amount and no name
// stays as it is: model::SetFields or the ledger says so.
Status ReadFieldTexts(const FieldReading& reading, const google::protobuf::Message& item,
                      std::vector<model::FieldValue>* given);

}  // namespace fundtrail::cli
