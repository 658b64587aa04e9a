// Policies: what is taken keeps the rules that judging relies on, and never says yes without a log.
#include "ledger/tree/policy.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail::tree;
  const auto policy = ParsePolicy(AsText(data, size));
  if (!policy.ok()) return 0;
  FUZZ_CHECK(policy->logs.size() <= kMaxPolicyEach && policy->members.size() <= 2 * kMaxPolicyEach);
  FUZZ_CHECK(!policy->quorum.has_value() || *policy->quorum < policy->members.size());
  std::vector<int> uses(policy->members.size(), 0);
  for (std::size_t i = 0; i < policy->members.size(); ++i) {
    const PolicyMember& member = policy->members[i];
    if (member.witness.has_value()) continue;
    FUZZ_CHECK(member.threshold >= 1 && member.threshold <= member.members.size());
    for (const std::size_t of : member.members) FUZZ_CHECK(of < i && ++uses[of] == 1);
  }
  // A checkpoint that nobody signed.
  const auto opened = OpenUnderPolicy(*policy,
                                      "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
                                      "\xe2\x80\x94 log.example AAAAAAA=\n");
  FUZZ_CHECK(!opened.ok());
  return 0;
}
