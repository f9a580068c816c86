namespace Hype.Gateway.Admin;

/// <summary>
/// Protects the admin page: its files in <c>wwwroot/admin</c> are public, and read their data over REST with the administrator's token.
/// </summary>
internal static class AdminPage
{
    private static readonly PathString Path = new("/admin");

    /// <summary>
    /// The content security policy of the admin page, which holds an administrator's token: no foreign script runs in the page, and no
    /// foreign page frames it.
    /// </summary>
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Protect(HttpContext file)
    {
        if (!file.Request.Path.StartsWithSegments(Path))
            return;
        file.Response.Headers.ContentSecurityPolicy = Policy;
        file.Response.Headers.XContentTypeOptions = "nosniff";
        file.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
