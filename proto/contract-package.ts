/** The contract as grpc-js wants it, made from the generated JSON, so that no .proto file is read at run time. */
import { loadPackageDefinition } from '@grpc/grpc-js';
import { fromJSON, type PackageDefinition } from '@grpc/proto-loader';
import { contract } from './generated/contract.ts';
import type { ProtoGrpcType } from './generated/ticket_service.ts';

/**
 * For reflection. The generated types follow these options: enum values are their names, an absent
 * `optional` field is undefined, an absent message is null, everything else has its default.
 */
export const contractPackage: PackageDefinition = fromJSON(contract, {
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});

const loaded = loadPackageDefinition(contractPackage) as unknown as ProtoGrpcType;

/** `new TicketServiceClient(address, credentials, options)`; its calls are typed by the contract. */
export const TicketServiceClient = loaded.TicketService;

/** What a server registers: `server.addService(ticketServiceDefinition, handlers)`. */
export const ticketServiceDefinition = loaded.TicketService.service;
