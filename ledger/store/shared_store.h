// One store for several owners, such as readers and the one who writes, who comes later and may go before them.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// The same store; it lives as long as any of its owners.
std::unique_ptr<Store> ShareOf(std::shared_ptr<Store> store);

}  // namespace fundtrail::store
