namespace Hype.Gateway.Admin;

/// <summary>
/// Protects the admin page: public files in <c>wwwroot/admin</c> that read their data over REST with the administrator's token.
/// </summary>
internal static class AdminPage
{
    private static readonly PathString Path = new("/admin");

    /// <summary>The policy for a page with such a token: no foreign script runs in it, and no foreign page frames it.</summary>
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
