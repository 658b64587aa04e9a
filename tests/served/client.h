// What clients of the tests send: payments in the desk's ledger, signed by its clerk.
#pragma once

#include <grpcpp/grpcpp.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/crypto/key_file.h"
#include "ledger/model/entry.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "tests/cli/program.h"

namespace fundtrail::testing {

inline crypto::SigningKey ClerkOf(const Desk& desk) {
  REQUIRE(crypto::Init().ok());
  auto key = crypto::ReadKeyFile(desk.path("clerk"), std::nullopt);
  REQUIRE(key.ok());
  return *std::move(key);
}

inline v1::Transfer Payment(const std::string& from, const std::string& to, std::int64_t amount) {
  v1::Transfer transfer;
  transfer.set_from(from);
  transfer.set_to(to);
  transfer.set_fund("winter");
  transfer.set_asset("CNY");
  transfer.set_amount(amount);
  transfer.set_kind(from == "donor" ? v1::TRANSFER_KIND_DONATION : v1::TRANSFER_KIND_ALLOCATION);
  return transfer;
}

// An entry of so many equal transfers.
inline Bytes Signed(const crypto::SigningKey& key, std::uint64_t id, const v1::Transfer& transfer,
                    int times = 1) {
  v1::Entry entry;
  entry.set_ledger("example.org/l");
  entry.set_author("root");
  Bytes bytes(8, 'k');
  AppendBigEndian64(&bytes, id);
  entry.set_id(bytes);
  entry.set_date("2026-03-01");
  for (int i = 0; i < times; ++i) *entry.add_actions()->mutable_transfer() = transfer;
  auto signed_entry = model::SignEntry(entry, key);
  if (!signed_entry.ok()) std::abort();  // clients are threads, in which Catch2 may not be asked
  return model::SerialiseDeterministic(*signed_entry);
}

// A connection of its own, even to an address that others have.
inline std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// 200 records of 11 MB together: more than a connection takes unread.
inline void FillLarge(const Desk& desk, const std::string& address) {
  const auto key = ClerkOf(desk);
  const auto submission = v1::Submission::NewStub(OwnChannel(address));
  for (std::uint64_t id = 1; id <= 200; ++id) {
    auto transfer = Payment("donor", "hub", static_cast<std::int64_t>(id));
    transfer.set_purpose(std::string(1900, 'p'));
    v1::SubmitRequest request;
    request.set_signed_entry(Signed(key, id, transfer, 28));
    v1::Receipt receipt;
    grpc::ClientContext context;
    REQUIRE(submission->Submit(&context, request, &receipt).ok());
  }
}

// Every receipt that a client got, by the number that its entry's id was made of and that is the amount paid.
using Receipts = std::map<std::uint64_t, v1::Receipt>;

// That the server's ledger has a record for each receipt, the one that it says, and no entry twice. Also that each
// receipt's checkpoint is signed by the desk's ledger, covers the record, and is that of the records that are there.
inline void CheckReceipts(const Desk& desk, const std::string& address, const Receipts& receipts) {
  const auto stub = v1::Ledger::NewStub(OwnChannel(address));
  std::vector<Bytes> records;
  grpc::ClientContext context;
  const auto reader = stub->Records(&context, {});
  for (v1::RecordsAnswer page; reader->Read(&page);) {
    REQUIRE(page.first() == records.size());
    records.insert(records.end(), page.records().begin(), page.records().end());
  }
  REQUIRE(reader->Finish().ok());
  std::set<std::string> ids;
  std::map<std::uint64_t, std::int64_t> amounts;  // by record
  std::vector<Hash> roots{tree::EmptyRoot()};     // by size
  tree::Frontier tree;
  for (const Bytes& bytes : records) {
    v1::Record record;
    v1::Entry entry;
    REQUIRE(record.ParseFromString(bytes));
    REQUIRE(entry.ParseFromString(record.signed_entry().entry()));
    REQUIRE(ids.insert(entry.id()).second);
    if (entry.actions(0).has_transfer()) amounts[record.index()] = entry.actions(0).transfer().amount();
    (void)tree.Append(tree::LeafHash(bytes));
    roots.push_back(tree.Root());
  }
  const std::string vkey = desk.read("l/vkey");
  const auto verifier = tree::ParseVkey(vkey.substr(0, vkey.find('\n')));
  REQUIRE(verifier.ok());
  std::map<std::string, tree::Checkpoint> opened;  // one covers many
  for (const auto& [id, receipt] : receipts) {
    REQUIRE(receipt.record() < records.size());
    REQUIRE(tree::LeafHash(records[receipt.record()]).view() == receipt.leaf_hash());
    REQUIRE(amounts[receipt.record()] == static_cast<std::int64_t>(id));
    if (opened.count(receipt.checkpoint()) == 0) {
      const auto checkpoint = tree::OpenCheckpoint(receipt.checkpoint(), *verifier);
      REQUIRE(checkpoint.ok());
      opened[receipt.checkpoint()] = *checkpoint;
    }
    const tree::Checkpoint& checkpoint = opened[receipt.checkpoint()];
    REQUIRE(checkpoint.size > receipt.record());
    REQUIRE(checkpoint.size < roots.size());
    REQUIRE(checkpoint.root == roots[checkpoint.size]);
  }
}

// Pays until an answer is no receipt: that answer.
inline grpc::Status PayUntilRefused(const std::string& address, const crypto::SigningKey& key,
                                    std::uint64_t first, Receipts* receipts, std::uint64_t most = 20'000) {
  const auto stub = v1::Submission::NewStub(OwnChannel(address));
  for (std::uint64_t id = first; id < first + most; ++id) {
    auto transfer = Payment("donor", "hub", static_cast<std::int64_t>(id));
    transfer.set_purpose(std::string(1500, 'p'));
    v1::SubmitRequest request;
    request.set_signed_entry(Signed(key, id, transfer));
    v1::Receipt receipt;
    grpc::ClientContext context;
    const grpc::Status status = stub->Submit(&context, request, &receipt);
    if (!status.ok()) return status;
    receipts->emplace(id, receipt);
  }
  return grpc::Status::OK;
}

}  // namespace fundtrail::testing
