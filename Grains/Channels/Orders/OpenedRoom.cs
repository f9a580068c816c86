using System.Collections.Immutable;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Orders;

/// <summary>The values of an open room that the offers for all its endpoints contain.</summary>
/// <param name="Candidates">The UDP addresses of the room's worker.</param>
/// <param name="Fingerprint">The fingerprint of the certificate with which the room was opened first.</param>
internal sealed record OpenedRoom(ImmutableArray<NodeCandidate> Candidates, string Fingerprint);
