namespace Hype.MediaNode.Rooms;

/// <summary>The number of a member in its channel, and the CSRC of the member's forwarded packets. 0 means no member.</summary>
internal readonly record struct MemberNumber(uint Value)
{
    public static MemberNumber None => default;
}
