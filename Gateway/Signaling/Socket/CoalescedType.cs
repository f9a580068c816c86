namespace Hype.Gateway.Signaling.Socket;

/// <summary>The types of the messages that a <see cref="Coalescer"/> merges; a label of <c>hype.gateway.merged</c>.</summary>
internal enum CoalescedType
{
    Sync,
    State,
}
