// A trace as a graph for other programs (Graphviz): accounts, the flows between them, and how money ends.
#pragma once

#include <string>

#include "fundtrail/v1/trace.pb.h"

namespace fundtrail::picture {

// A digraph with a cluster for each asset, from the whole flows of the answer: no hops, so money that circles is a
// circle. Amounts are labels. What an account's name has of quotes and backslashes is escaped.
std::string Dot(const v1::TraceAnswer& answer);

}  // namespace fundtrail::picture
