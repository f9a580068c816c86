namespace Hype.Grains.Channels.Members;

/// <summary>The operations on members' media endpoints that <see cref="Membership"/> needs.</summary>
internal interface IMemberEndpoints
{
    /// <summary>Sends again the offers and move notifications that a client may have missed before it resumed its session.</summary>
    void OnClientReturned(Member member, DateTimeOffset now);

    /// <summary>Applies a changed permission to speak or to listen to the member's endpoints.</summary>
    void UpdatePermissions(Member member);

    /// <summary>Removes the endpoints of a member that has left.</summary>
    void Remove(Member member);
}
