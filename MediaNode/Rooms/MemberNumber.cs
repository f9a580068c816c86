namespace Hype.MediaNode.Rooms;

/// <summary>A member's number in its channel; the CSRC of its forwarded packets. 0: no member.</summary>
internal readonly record struct MemberNumber(uint Value)
{
    public static MemberNumber None => default;
}
