namespace Hype.Grains.Abstractions.Participants;

/// <summary>An SDP offer, SDP answer or ICE candidate from one member of a mesh to another. The server does not interpret it.</summary>
/// <param name="From">The number of the sender.</param>
/// <param name="Epoch">The layout that the signal belongs to.</param>
/// <param name="Payload">JSON as the client sent it: <c>{"description":…}</c> or <c>{"candidate":…}</c>.</param>
[GenerateSerializer, Immutable, Alias("hype.PeerSignal")]
public sealed record PeerSignal(
    [property: Id(0)] MemberNumber From, [property: Id(1)] LayoutEpoch Epoch, [property: Id(2)] string Payload)
{
    /// <summary>Returns the signal without its payload, which has an ICE password or an address of the sender.</summary>
    public override string ToString() => $"PeerSignal {{ {From}, {Epoch} }}";
}
