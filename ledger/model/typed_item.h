// What stands in an item of a register, read as the type that the item is. That needs no descriptors: to make those of entries takes
// longer than all else that a small question takes.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"

namespace fundtrail::model {

// The item that the action has; null when it is of no register.
const google::protobuf::Message* ItemIn(const v1::Action& action);
// The item's id. Empty when the action is of no register.
const std::string& ItemId(const v1::Action& action);
// The item's name. Empty when the action is of no register, or the items of its register have no field `name`.
const std::string& ItemName(const v1::Action& action);

}  // namespace fundtrail::model
