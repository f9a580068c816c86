namespace Hype.Grains.Channels.Members;

/// <summary>The media endpoints of members, as <see cref="Membership"/> needs them.</summary>
internal interface IMemberEndpoints
{
    /// <summary>Sends the offers and moves again that a returned client may have missed.</summary>
    void OnClientReturned(Member member, DateTimeOffset now);

    /// <summary>Applies a change of the member's permission to speak or to listen.</summary>
    void UpdatePermissions(Member member);

    /// <summary>Removes the endpoints of a member that has left.</summary>
    void Remove(Member member);
}
